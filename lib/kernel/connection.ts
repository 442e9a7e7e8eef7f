/**
 * Where a kernel and its client meet, and how messages travel: five sockets, and a key that signs what goes over them.
 */
import { createHmac, randomUUID } from "node:crypto";
import * as net from "node:net";
import * as path from "node:path";

/** What Jupyter's connection file holds. */
export type Connection = Awaited<ReturnType<typeof newConnection>>;

/** A connection that no other kernel has. `folder` is the kernel's own. */
export async function newConnection(folder: string) {
  // Files as addresses cannot be taken by another process between choosing and using them. Windows needs ports, and so
  // does a folder with a long path: a socket's path may have 103 bytes on macOS and 107 on Linux.
  const files = process.platform !== "win32" && Buffer.byteLength(folder) <= 90;
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = files ? [1, 2, 3, 4, 5] : await freePorts(5);
  return {
    transport: files ? "ipc" : "tcp",
    ip: files ? path.join(folder, "socket") : "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: "tslab",
    ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
  };
}

/** ZeroMQ's name of one of the sockets. */
export function address({ transport, ip }: Connection, port: number): string {
  return `${transport}://${ip}:${port}`;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise<net.Server>((resolve) => {
      const server = net.createServer().listen(0, "127.0.0.1", () => resolve(server));
    })),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export interface Message {
  header: { msg_id: string; msg_type: string };
  parent: { msg_id?: string };
  content: any;
}

const delimiter = "<IDS|MSG>";

/** A message's parts (header, parent header, metadata, content) as signed frames. */
export function encode(parts: object[], key: string): string[] {
  const frames = parts.map((part) => JSON.stringify(part));
  const signature = createHmac("sha256", key);
  for (const frame of frames) signature.update(frame);
  return [delimiter, signature.digest("hex"), ...frames];
}

/** The message in those frames. */
export function decode(frames: Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.toString() === delimiter) + 2;
  const [header, parent, , content] = frames.slice(start).map((frame) => JSON.parse(frame.toString()));
  return { header, parent, content };
}
