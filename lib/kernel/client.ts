/**
 * A small Jupyter client over ZeroMQ: starts a kernel, runs cells, collects their outputs. No Python.
 *
 * A cell either ends well, with all of its outputs, or throws a CellFailure that says what happened:
 * an error in the cell, a dead kernel, a cell over its time limit, an answer without its outputs.
 *
 * Source: the Jupyter messaging protocol 5.3, jupyter-client.readthedocs.io/en/stable/messaging.html
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as zmq from "zeromq";
import { address, type Connection, decode, encode, type Message, newConnection } from "./connection";
import type { Json, Output } from "./nbformat";

export interface KernelOptions {
  /** The folder the kernel works in: the notebook's. */
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** A folder for this kernel's files alone, removed when the kernel ends. Default: a new one. */
  folder?: string;
  /** The command, with the connection file as {connection_file}. Default: our launcher. */
  argv?: string[] | undefined;
}

/** A cell that did not end well. `outputs` is what had arrived by then. */
export class CellFailure extends Error {
  constructor(
    readonly kind: "error" | "dead kernel" | "time limit" | "lost output" | "no reply",
    message: string,
    readonly outputs: Output[] = [],
  ) {
    super(message);
    this.name = "CellFailure";
  }
}

interface Exchange {
  reply?: any;
  idle: boolean;
  outputs: Output[];
  /** Outputs that came after the cell had ended. */
  late: number;
  settle?: (() => void) | undefined;
}

const launcher = path.join(import.meta.dirname, "launcher.cjs");
const startLimit = 60_000;
/** How far apart the reply and "idle" may come (ms). The kernel sends them back to back. */
const straggleLimit = 5_000;

export class Kernel {
  private readonly exchanges = new Map<string, Exchange>();
  private readonly displays = new Map<string, Output[]>();
  private readonly session = randomUUID();
  private readonly shell = new zmq.Dealer({ linger: 0 });
  private readonly control = new zmq.Dealer({ linger: 0 });
  // No limit on how many messages may wait: with one, the socket would drop outputs silently.
  private readonly iopub = new zmq.Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  private readonly killAtExit = () => {
    this.child.kill("SIGKILL");
    fs.rmSync(this.folder, { recursive: true, force: true });
  };
  private lastWords = "";
  private death?: string;
  private closed = false;
  /** What the kernel says about its language: goes into the notebook's metadata. */
  languageInfo: Json = {};

  private constructor(
    private readonly child: ChildProcess,
    private readonly key: string,
    private readonly folder: string,
  ) {
    const hear = (data: Buffer) => (this.lastWords = (this.lastWords + data).slice(-2000));
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", (error) => this.died(error.message));
    child.once("exit", (code, signal) => this.died(signal ? `by ${signal}` : `with exit code ${code}`));
    process.once("exit", this.killAtExit);
  }

  /** Starts a kernel and waits until it answers. */
  static async start({
    cwd,
    env = process.env,
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernel-")),
    argv = [process.execPath, launcher, "{connection_file}"],
  }: KernelOptions): Promise<Kernel> {
    const connection = await newConnection(folder);
    const file = path.join(folder, "connection.json");
    fs.writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    const [command, ...rest] = argv.map((part) => part.replace("{connection_file}", file));
    const child = spawn(command, rest, {
      cwd,
      env: { ...env, JPY_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
    });

    const kernel = new Kernel(child, connection.key, folder);
    try {
      kernel.connect(connection);
      await kernel.waitUntilReady();
      return kernel;
    } catch (error) {
      await kernel.close();
      throw error;
    }
  }

  /**
   * Runs one cell and returns its outputs, in their final state: text joined, displays updated.
   *
   * @throws CellFailure
   */
  async execute(code: string, timeLimit = 60_000): Promise<Output[]> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    const { reply, outputs } = await this.request("execute_request", content, timeLimit);
    if (reply.status === "ok") return outputs;
    const shown = outputs.find((output) => output.output_type === "error");
    const traceback = reply.traceback ?? shown?.traceback ?? [];
    const summary = reply.ename
      ? `${reply.ename}: ${reply.evalue}`
      : `the kernel answered ${JSON.stringify(reply.status)}`;
    const text = traceback.join("\n");
    throw new CellFailure(
      "error",
      text.includes(reply.evalue ?? "") && text !== "" ? text : [summary, ...traceback].join("\n"),
      outputs,
    );
  }

  /** How many outputs came after their cell had ended: something was started there and not awaited. */
  get lateOutputs(): number {
    let count = 0;
    for (const exchange of this.exchanges.values()) count += exchange.late;
    return count;
  }

  /** Asks the kernel to stop what it is doing, like Jupyter's stop button. On Windows a signal would end the kernel. */
  interrupt(): void {
    if (process.platform !== "win32") this.child.kill("SIGINT");
    else void this.control.send(encode([this.header("interrupt_request"), {}, {}, {}], this.key));
  }

  /** Ends the kernel, whatever it is doing, and removes what it left. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    process.removeListener("exit", this.killAtExit);
    if (this.death === undefined) {
      const gone = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGKILL");
      await gone;
    }
    this.shell.close();
    this.control.close();
    this.iopub.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private connect(connection: Connection): void {
    this.shell.connect(address(connection, connection.shell_port));
    this.control.connect(address(connection, connection.control_port));
    this.iopub.connect(address(connection, connection.iopub_port));
    this.iopub.subscribe();
    void this.listen(this.shell, (exchange, message) => (exchange.reply = message.content));
    void this.listen(this.iopub, (exchange, message) => this.receive(exchange, message));
  }

  private async listen(
    socket: zmq.Dealer | zmq.Subscriber,
    take: (exchange: Exchange, message: Message) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      const message = decode(frames);
      const exchange = this.exchanges.get(message.parent.msg_id ?? "");
      if (!exchange) continue;
      take(exchange, message);
      exchange.settle?.();
    }
  }

  /** A subscription takes a moment to be live: until then the answer's "idle" passes unheard, so ask again. */
  private async waitUntilReady(): Promise<void> {
    const end = Date.now() + startLimit;
    for (;;) {
      try {
        const { reply } = await this.request("kernel_info_request", {}, 500, 300);
        this.languageInfo = reply.language_info;
        return;
      } catch (error) {
        if (this.death !== undefined) throw error;
        if (Date.now() > end)
          throw new CellFailure(
            "no reply",
            this.withLastWords(`the kernel did not answer within ${startLimit / 1000} s of its start`),
          );
      }
    }
  }

  private withLastWords(text: string): string {
    const words = this.lastWords.trim();
    return words ? `${text}, its last words:\n${words}` : text;
  }

  private header(type: string) {
    return {
      msg_id: randomUUID(),
      session: this.session,
      username: "course",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
  }

  private request(type: string, content: object, timeLimit: number, straggle = straggleLimit): Promise<Exchange> {
    const header = this.header(type);
    const exchange: Exchange = { idle: false, outputs: [], late: 0 };
    this.exchanges.set(header.msg_id, exchange);
    return new Promise((resolve, reject) => {
      let timer = setTimeout(
        () =>
          end(
            new CellFailure(
              "time limit",
              `the cell did not end within its time limit of ${timeLimit / 1000} s`,
              exchange.outputs,
            ),
          ),
        timeLimit,
      );
      let straggling = false;
      function end(failure?: CellFailure): void {
        clearTimeout(timer);
        exchange.settle = undefined;
        if (failure) reject(failure);
        else resolve(exchange);
      }
      exchange.settle = () => {
        if (this.death !== undefined) {
          return end(
            new CellFailure("dead kernel", this.withLastWords(`the kernel died ${this.death}`), exchange.outputs),
          );
        }
        if (exchange.reply && exchange.idle) return end();
        if (straggling || !(exchange.reply || exchange.idle)) return;
        straggling = true;
        clearTimeout(timer);
        const failure = exchange.reply
          ? new CellFailure(
              "lost output",
              "outputs got lost: the kernel answered, but its message that the cell is over never came",
              exchange.outputs,
            )
          : new CellFailure("no reply", "the kernel says that the cell is over, but never answered", exchange.outputs);
        timer = setTimeout(() => end(failure), straggle);
      };
      if (this.death !== undefined) return exchange.settle();
      this.shell
        .send(encode([header, {}, {}, content], this.key))
        .catch((error) => end(new CellFailure("no reply", `could not send the cell: ${error.message}`)));
    });
  }

  private receive(exchange: Exchange, { header, content }: Message): void {
    if (header.msg_type === "status") {
      exchange.idle ||= content.execution_state === "idle";
      return;
    }
    if (exchange.idle && isOutput(header.msg_type)) exchange.late++;
    const id: string | undefined = content.transient?.display_id;
    if (header.msg_type === "update_display_data") {
      for (const shown of this.displays.get(id ?? "") ?? [])
        Object.assign(shown, { data: content.data, metadata: content.metadata ?? {} });
    } else if (header.msg_type === "display_data") {
      const output: Output = { output_type: "display_data", data: content.data, metadata: content.metadata ?? {} };
      exchange.outputs.push(output);
      if (id) this.displays.set(id, [...(this.displays.get(id) ?? []), output]);
    } else if (header.msg_type === "stream") {
      const last = exchange.outputs.at(-1);
      if (last?.output_type === "stream" && last.name === content.name) last.text += content.text;
      else exchange.outputs.push({ output_type: "stream", name: content.name, text: content.text });
    } else if (header.msg_type === "error") {
      exchange.outputs.push({
        output_type: "error",
        ename: content.ename,
        evalue: content.evalue,
        traceback: content.traceback,
      });
    }
  }

  private died(how: string): void {
    this.death ??= how;
    for (const exchange of this.exchanges.values()) exchange.settle?.();
  }
}

function isOutput(type: string): boolean {
  return ["stream", "display_data", "update_display_data", "error"].includes(type);
}
