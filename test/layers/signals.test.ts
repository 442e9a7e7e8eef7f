import { spawn } from "node:child_process";
import * as readline from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { engines } from "../engines";

// Windows has no signals.
describe.runIf(engines.includes("node") && process.platform !== "win32")("on node", () => {
  test.each([
    [1024, 256, 128],
    [256, 64, 32],
  ])("signals in the middle of the products of a layer end nothing and change no number: batch %d, %d inputs, %d units", async (...sizes) => {
    const child = spawn(process.execPath, ["--import", "tsx", "test/layers/signalled.ts", ...sizes.map(String)], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const closed = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
    const lines: string[] = [];
    let storm: NodeJS.Timeout | undefined;
    for await (const line of readline.createInterface(child.stdout)) {
      lines.push(line);
      if (line === "ready") storm = setInterval(() => child.kill("SIGUSR2"), 1);
      else {
        clearInterval(storm);
        child.stdin.end();
      }
    }
    clearInterval(storm);
    expect(await closed).toBe(0);
    const [difference, signals] = lines[1].split(" ").map(Number);
    expect(difference).toBe(0);
    expect(signals).toBeGreaterThan(100);
  }, 60_000);
});
