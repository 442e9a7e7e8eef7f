/** A small web server on this machine that behaves as badly as asked. */
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

export interface Behaviour {
  status?: number;
  /** Another file than the one asked for. */
  body?: Buffer;
  /** Answers requests for a range with the whole file. */
  noRanges?: boolean;
  /** Does not say how long the file is. */
  noLength?: boolean;
  /** Packs the file, and says how long the packed one is. */
  packed?: boolean;
  /** Answers requests for a range with the range from the beginning. */
  wrongRange?: boolean;
  /** Answers requests for the whole file with the range from the second byte. */
  unaskedRange?: boolean;
  /** Ends the answer in good order after this many bytes. */
  endAfter?: number;
  /** Ends the connection after this many bytes. */
  dieAfter?: number;
  /** Sends this many bytes every few milliseconds. */
  slowly?: number;
  /** Is told how many bytes of this answer are on their way. */
  onSent?: (bytes: number) => void;
  /** Sends the client elsewhere first. */
  redirect?: boolean;
}

export interface Server {
  url: (file: string) => string;
  /** What was asked for: the path, the first byte of the range, and how the file may be packed. */
  requests: { path: string; from?: number; packed: string | string[] | undefined }[];
  /** For the requests from now on, the first one first; the last one stays. */
  behave: (...behaviours: Behaviour[]) => void;
}

export async function serve(files: Record<string, Buffer>): Promise<Server> {
  const requests: Server["requests"] = [];
  let behaviours: Behaviour[] = [{}];
  const server = http.createServer((request, response) => {
    const path = (request.url ?? "").slice(1);
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const packed = request.headers["accept-encoding"];
    requests.push({ path, packed, ...(range ? { from: Number(range[1]) } : {}) });
    const behaviour = behaviours.length > 1 ? (behaviours.shift() as Behaviour) : behaviours[0];
    if (behaviour.redirect && !path.startsWith("moved/")) {
      response.writeHead(302, { location: `/moved/${path}` }).end();
      return;
    }
    const body = behaviour.body ?? files[path.replace("moved/", "")];
    if (!body || behaviour.status) {
      response.writeHead(behaviour.status ?? 404).end("<html>no such page</html>");
      return;
    }
    if (behaviour.packed) {
      const packed = gzipSync(body);
      response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
      return;
    }
    const from = range && !behaviour.noRanges && !behaviour.wrongRange ? Number(range[1]) : 0;
    if (from >= body.length && from > 0) {
      response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
      return;
    }
    const headers: Record<string, string | number> = behaviour.noLength ? {} : { "content-length": body.length - from };
    if (behaviour.unaskedRange) {
      response.writeHead(206, { "content-range": `bytes 1-${body.length - 1}/${body.length}` }).end(body.subarray(1));
      return;
    }
    if (range && !behaviour.noRanges) headers["content-range"] = `bytes ${from}-${body.length - 1}/${body.length}`;
    response.writeHead(range && !behaviour.noRanges ? 206 : 200, headers);
    send(response, body.subarray(from, from + (behaviour.endAfter ?? body.length)), behaviour);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: (file) => `http://127.0.0.1:${port}/${file}`, requests, behave: (...some) => (behaviours = some) };
}

function send(response: http.ServerResponse, body: Buffer, { dieAfter, slowly, onSent }: Behaviour): void {
  if (dieAfter !== undefined) {
    response.write(body.subarray(0, dieAfter), () => setTimeout(() => response.destroy(), 5));
    return;
  }
  if (slowly === undefined) {
    response.end(body);
    return;
  }
  let sent = 0;
  const timer = setInterval(() => {
    if (sent >= body.length || response.destroyed) {
      clearInterval(timer);
      response.end();
      return;
    }
    response.write(body.subarray(sent, (sent += slowly)));
    onSent?.(sent);
  }, 4);
}
