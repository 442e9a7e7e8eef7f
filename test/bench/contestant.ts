/** A program that trains when told to: worker.ts on one engine, or peer.py. Speaks lines of JSON. */
import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import * as readline from "node:readline";

export class Contestant {
  private readonly lines: AsyncIterator<string>;
  /** How the program ended, in words. */
  private readonly ended: Promise<string>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.lines = readline.createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    let complaint = "";
    child.stderr!.on("data", (data) => (complaint = (complaint + data).slice(-2000)));
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("close", (code) => resolve(`ended with code ${code}: ${complaint.trim().split("\n").pop()}`));
    });
  }

  /** Starts worker.ts on the engine. */
  static async ofEngine(engine: string, threads: number): Promise<Contestant> {
    const args = ["--import", "tsx", path.join(import.meta.dirname, "worker.ts")];
    const env = { ...process.env, CTR_BACKEND: engine, TF_NUM_INTRAOP_THREADS: String(threads) };
    return Contestant.start(engine, process.execPath, args, env);
  }

  /** Starts peer.py. */
  static async ofPeer(name: string, python: string, threads: number): Promise<Contestant> {
    const env = { ...process.env, OMP_NUM_THREADS: String(threads) };
    return Contestant.start(name, python, [path.join(import.meta.dirname, "peer.py"), String(threads)], env);
  }

  private static async start(
    name: string,
    program: string,
    args: string[],
    env: NodeJS.ProcessEnv,
  ): Promise<Contestant> {
    const contestant = new Contestant(name, spawn(program, args, { env }));
    await contestant.next(); // its greeting
    return contestant;
  }

  async ask<T = object>(request: object): Promise<T> {
    this.child.stdin!.write(JSON.stringify(request) + "\n");
    return this.next<T>();
  }

  private async next<T>(): Promise<T> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name}: ${await this.ended}`);
    return JSON.parse(value);
  }

  end(): void {
    this.child.stdin!.end();
    this.child.kill();
  }
}
