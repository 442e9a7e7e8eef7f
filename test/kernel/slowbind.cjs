// @ts-check
/** Loaded before a kernel: of its sockets, the one that publishes is bound a second after the others. */
"use strict";
const { pbkdf2 } = require("node:crypto");
const zmq = require("zeromq");

const { bind } = zmq.Publisher.prototype;
Object.defineProperty(zmq.Publisher.prototype, "bind", {
  /** @this {zmq.Publisher} @param {string} address */
  async value(address) {
    await new Promise(setImmediate); // after the others
    // Something to do for the only thread (UV_THREADPOOL_SIZE=1) that binds sockets, one after the other.
    pbkdf2("", "", 1_500_000, 64, "sha512", () => {});
    return bind.call(this, address);
  },
});
