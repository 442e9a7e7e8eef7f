// @ts-check
/**
 * Starts the Jupyter kernel of the course: tslab, unmodified, with its rough edges repaired from outside.
 * Usage: node launcher.cjs CONNECTION_FILE
 *
 * Repaired (tslab 1.0.22 is its last release):
 * - messages to the notebook are never lost (tslab loses all after about 508 in one tick), and printed
 *   lines travel together, because Jupyter drops what comes faster than 1000 messages a second;
 * - a failing cell sends a real `error` output, with name, message and the frames that matter, by source lines;
 * - a cell that fails or is stopped leaves what it has made, and restores the names that it had not reached;
 *   errors after a stopped cell name it;
 * - an error that a cell catches and prints also shows only those frames;
 * - "export" in a cell does no harm, and a cell that ends too early is told so at its end;
 * - `{ name }` with a name of an earlier cell, `await (...)` and `for await` do what they say;
 * - a stop is heard while a cell compiles; a stopped cell shows nothing more, and the library can ask whether its cell was stopped;
 * - after a stop in the middle of a gradient or an operation, tfjs computes as before;
 * - after an error only the cells that were already waiting are aborted, spelt as Jupyter spells it;
 * - the kernel says that it is busy as long as it is;
 * - a message that comes while the sockets are opened waits, and does not leave the kernel deaf;
 * - messages tslab does not know print nothing into the notebook, and interrupt_request works (Windows) if the cell yields;
 * - it ends when it is told to, whatever a cell has left running;
 * - `util` has the functions back that Node 23 removed and tfjs-node 4.22 still calls.
 */
"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");
const util = require("node:util");
const { makeLink } = require("./link.cjs");
require("./compiler.cjs"); // before tslab, which gets its compiler
const { patientExecutor } = require("./running.cjs");
const { nameCell, translate } = require("./places.cjs");
const { compilerError } = require("./compilererror.cjs");
const { aboutStopped, forgetStopped, rememberStopped } = require("./stopped.cjs");
const { endOpenTensorWork } = require("./tensors.cjs");
const zmq = require("zeromq");
const executor = require("tslab/dist/executor.js");
const { ZmqServer } = require("tslab/dist/jupyter.js");
const { startKernel } = require("tslab/dist/main.js");

/** @typedef {import('./compilererror.cjs').Failure} Failure */

/** After an error, how long cells on their way from the browser are collected, to be aborted (ms). */
const abortWindow = 100;
/** Printed lines that follow each other faster than this travel in one message (ms). */
const streamInterval = 50;

// ---- messages: nothing gets lost

/**
 * zeromq sends at once, but after 512 messages it sends one with a delay and refuses all others meanwhile
 * (zeromq.js#427); with a time limit of 0 it never delays. And once a slow reader has 1000 messages waiting, it drops
 * the others.
 */
class PatientPublisher extends zmq.Publisher {
  constructor() {
    super({ sendTimeout: 0, sendHighWaterMark: 0 });
  }
}
Object.defineProperty(zmq, "Publisher", { value: PatientPublisher });

/** All sockets are bound. @type {() => void} */
let allBound;
/** @type {Promise<void>} */
const bound = new Promise((resolve) => (allBound = resolve));

/*
 * A socket refuses everything until its bind() has returned, but tslab reads before that. If a message arrives first,
 * as on a busy machine, the next read fails, which ends tslab's loop, and the kernel never answers. Nor could it
 * publish its answer.
 */
for (const name of /** @type {const} */ (["Router", "Reply"])) {
  class PatientReader extends /** @type {any} */ (zmq)[name] {
    async receive() {
      await bound;
      return super.receive();
    }
  }
  Object.defineProperty(zmq, name, { value: PatientReader });
}

const { init } = ZmqServer.prototype;
ZmqServer.prototype.init = async function () {
  await init.call(this);
  allBound();
};

/**
 * Collects printed text and passes it on at most every `streamInterval`.
 * @param {(name: string, text: string) => void} send
 */
function streams(send) {
  let name = "";
  let text = "";
  let lastSent = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (text === "") return;
    send(name, text);
    text = "";
    lastSent = Date.now();
  }
  return {
    flush,
    /** @param {string} to @param {string} more */
    write(to, more) {
      if (to !== name) flush();
      name = to;
      text += more;
      if (Date.now() - lastSent >= streamInterval) flush();
      else timer ??= setTimeout(flush, streamInterval);
    },
  };
}

// ---- errors: from text on stderr to an output of type error

/** What went wrong in the running cell. @type {Failure | undefined} */
let failure;

const createExecutor = executor.createExecutor;
executor.createExecutor = (root, converters, console) => {
  const made = createExecutor(root, converters, {
    log: console.log,
    error(...args) {
      // tslab reports a thrown value as the only argument, and what the compiler found as a format and its values.
      failure = args.length === 1 ? thrown(args[0]) : compilerError(util.format(...args), failure);
    },
  });
  return patientExecutor(converters, made, isSilenced, () => (failure = interrupted));
};

/** @type {Failure} */
const interrupted = { ename: "Interrupted", evalue: "the cell was stopped", traceback: ["Interrupted: the cell was stopped"] };

/** @param {unknown} value @returns {Failure} */
function thrown(value) {
  if (!(value instanceof Error) && !util.types.isNativeError(value)) {
    return { ename: "Thrown", evalue: String(value), traceback: [`Thrown: ${util.inspect(value)}`] };
  }
  const error = /** @type {Error & { code?: string }} */ (value);
  if (error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" || error.message === "Interrupted asynchronously") {
    return interrupted;
  }
  return { ename: error.name, evalue: readable(String(error.message)).join("\n"), traceback: traceback(error) };
}

/**
 * The error with the frames that matter, then the errors that caused it, each once.
 * @param {Error} error @param {Set<unknown>} told @returns {string[]}
 */
function traceback(error, told = new Set()) {
  told.add(error);
  const [stack, message] = [String(error.stack), String(error.message)];
  const begin = stack.indexOf(message); // not there if the message was changed since
  const frames = begin < 0 ? stack : stack.slice(begin + message.length); // a message may have frames of its own
  const lines = [...readable(`${error.name}: ${message}`), ...readable(frames).filter(isFrame)];
  if (error instanceof AggregateError)
    for (const one of error.errors)
      if (one instanceof Error && !told.has(one)) lines.push("caused by", ...traceback(one, told));
  if (!(error.cause instanceof Error) || told.has(error.cause)) return lines;
  // The message of a failed job contains the error of its process, frames and all: the cause would repeat it.
  const isTold = readable(message).some(isFrame) && message.includes(error.cause.message);
  return isTold ? lines : [...lines, "caused by", ...traceback(error.cause, told)];
}

/** Lines of text or of a stack: only the frames that matter, with their places in the source. @param {string} text */
function readable(text) {
  return text.split("\n").flatMap((line) => (isFrame(line) ? (isReaders(line) && translate(line)) || [] : line));
}

/**
 * Printed text with stacks in it, such as that of an error that a cell has caught: only the frames that matter, with
 * their places in the source. What follows a frame stays, such as the bracket before the error's other properties.
 * @param {string} text
 */
function withReadableStacks(text) {
  if (!/\n {4,}at /.test(text)) return text;
  /** @type {string[]} */
  const lines = [];
  for (const line of text.split("\n")) {
    const [, frame, behind = ""] = /^( {4,}at (?:.*\(eval at .*|.*?):\d+:\d+\)?)([, ].*)?$/.exec(line) ?? [];
    const shown = frame === undefined ? line : isReaders(frame) ? translate(frame) : undefined;
    if (shown === undefined) lines.push(`${lines.pop() ?? ""}${behind}`);
    else if (!/^ +\.\.\. \d+ lines matching cause stack trace \.\.\.$/.test(line)) lines.push(shown + behind);
  }
  return lines.join("\n");
}

/** @param {string} line */
function isFrame(line) {
  return line.startsWith("    at ");
}

/** Not a frame of Node, of a package or of these files. @param {string} frame */
function isReaders(frame) {
  return !/node:|[\\/]node_modules[\\/]|[\\/]lib[\\/]kernel[\\/]/.test(frame);
}

// ---- stopping: code of a stopped cell that still runs stays silent, wherever it awaits

/** Follows each cell through its awaits and timers. @type {AsyncLocalStorage<{ stopped: boolean }>} */
const cells = new AsyncLocalStorage();
// lib/train/stop.ts asks here: a stopped cell that trains in a loop must not begin its next training.
Object.assign(globalThis, { [Symbol.for("click-models.cells")]: cells });
const isSilenced = () => cells.getStore()?.stopped === true;

// ---- requests: one after the other, and after an error only those that were waiting are dropped

let arrived = 0;
let current = 0;
let abortUpTo = 0;
/** @type {Promise<void>} */
let lastTurn = Promise.resolve();

const handleShellMessage = ZmqServer.prototype.handleShellMessage;
ZmqServer.prototype.handleShellMessage = function (socket, ...frames) {
  if (socket !== this.shell) return handleShellMessage.call(this, socket, ...frames);
  const number = ++arrived;
  // A waiting cell does not say "busy" yet: tslab lets all say it at once, and is "idle" after the first.
  lastTurn = lastTurn.then(() => {
    current = number;
    return handleShellMessage.call(this, socket, ...frames);
  }).catch((error) => console.error("The kernel could not handle a message:", error));
  return lastTurn;
};

ZmqServer.prototype.handleExecute = async function (socket, message) {
  const reply = message.createReply();
  reply.header.msg_type = "execute_reply";
  reply.content = current <= abortUpTo ? { status: "aborted" } : await execute(this, message);
  reply.signAndSend(this.connInfo.key, socket);
};

/**
 * Runs one cell and returns the content of its reply.
 * @param {any} server @param {any} message
 */
async function execute(server, message) {
  const { code, stop_on_error = true } = message.content;
  const { handler } = server;
  /** @param {string} type @param {object} content */
  const publish = (type, content) => {
    const output = message.createReply();
    output.header.msg_type = type;
    output.content = content;
    output.signAndSend(server.connInfo.key, server.iopub);
  };
  const printed = streams((name, text) => publish("stream", { name, text }));

  const cell = { stopped: false };
  const stop = () => {
    cell.stopped = true;
  };
  process.once("SIGINT", stop);
  failure = undefined;
  const number = handler.execCount + 1;
  nameCell(number);
  publish("execute_input", { code, execution_count: number });
  let succeeded = true;
  try {
    /** @param {string} name @param {string} text */
    const write = (name, text) => void (isSilenced() || printed.write(name, withReadableStacks(text)));
    /** @param {object} data @param {boolean} update */
    const display = (data, update) => {
      if (isSilenced()) return;
      printed.flush();
      publish(update ? "update_display_data" : "display_data", data);
    };
    await cells.run(cell, () => handler.handleExecuteImpl(message.content, write, display));
  } catch (error) {
    succeeded = false;
    const reported = typeof (/** @type {any} */ (error)?.count) === "number"; // tslab throws the count once it has reported
    if (!reported) failure = thrown(error);
  } finally {
    process.off("SIGINT", stop);
  }
  const execution_count = handler.execCount;
  if (succeeded) {
    forgetStopped(code);
    if (failure) printed.write("stderr", failure.traceback.join("\n") + "\n"); // a module cell: compiled, not run
    printed.flush();
    return { status: "ok", execution_count, payload: [], user_expressions: {} };
  }
  printed.flush();
  // A cell that does not yield is stopped before any listener hears of it.
  const wasStopped = cell.stopped || failure === interrupted;
  if (wasStopped) endOpenTensorWork();
  const found = { ...(failure ?? { ename: "Error", evalue: "the cell failed and tslab did not say why", traceback: [] }) };
  if (wasStopped) rememberStopped(number, code);
  else found.traceback = [...found.traceback, ...aboutStopped(code)];
  publish("error", found);
  if (stop_on_error) {
    // Cells sent together with this one may still be on their way. The reply comes after the wait,
    // so whatever is sent in answer to it runs.
    await new Promise((resolve) => setTimeout(resolve, abortWindow));
    abortUpTo = arrived;
  }
  return { status: "error", execution_count, ...found };
}

// ---- messages tslab does not know

const publishStatus = ZmqServer.prototype.publishStatus;
ZmqServer.prototype.publishStatus = function (status, message) {
  publishStatus.call(this, status, message);
  if (status !== "busy" || message.header.msg_type !== "interrupt_request") return;
  process.emit("SIGINT");
  const reply = message.createReply();
  reply.header.msg_type = "interrupt_reply";
  reply.content = { status: "ok" };
  reply.signAndSend(this.connInfo.key, this.control);
};

const warn = console.warn;
console.warn = (...args) => {
  if (!String(args[0]).startsWith("unknown msg_type")) warn(...args);
};

// ---- the end

const close = ZmqServer.prototype.close;
ZmqServer.prototype.close = function () {
  close.call(this);
  setTimeout(() => process.exit(), 200).unref(); // else a timer of a cell would keep Jupyter waiting for the end
};

// ---- values

/** What Node keeps in a promise to follow cells through their awaits (until Node 22). */
const followed = ["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"];
// A promise that a cell shows, often for want of an await, is shown without them.
Object.defineProperty(Promise.prototype, util.inspect.custom, {
  writable: true, // or no promise could have its own, as those of check have
  /** @this {Promise<unknown>} */
  value() {
    for (const key of Object.getOwnPropertySymbols(this))
      if (followed.includes(key.description ?? "")) Reflect.defineProperty(this, key, { enumerable: false });
    return this; // shown in Node's own way
  },
});

// ---- start

const removed = /** @type {any} */ (util);
removed.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;
removed.isArray ??= Array.isArray;

try {
  makeLink(); // no matter who started this kernel: without the link, no cell can import from lib
} catch (error) {
  console.error(error); // the next import from lib fails, and its cell says so
}

// A kernel whose Jupyter was killed would stay for ever. Jupyter names its process for this purpose.
if (process.env.JPY_PARENT_PID) {
  const parent = process.ppid;
  const named = Number(process.env.JPY_PARENT_PID); // on Windows a handle
  if (process.platform !== "win32" && named !== parent && !isThere(named)) process.exit(); // killed while this one loaded
  setInterval(() => isGone(parent) && process.exit(), 1000).unref();
}

/** Whether the process that started this one has ended. @param {number} parent */
function isGone(parent) {
  if (process.platform !== "win32") return process.ppid !== parent; // Windows keeps the number of one that has ended
  return !isThere(parent);
}

/** @param {number} pid */
function isThere(pid) {
  try {
    return process.kill(pid, 0); // only asks
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

startKernel({ configPath: process.argv[2], enableFindLocal: false });

// In place of tslab's listeners, which show the stack of compiled code.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.removeAllListeners(event);
  process.on(event, (/** @type {unknown} */ reason) => {
    console.error(["Nobody caught this error. Is an await missing?", ...thrown(reason).traceback].join("\n"));
  });
}
