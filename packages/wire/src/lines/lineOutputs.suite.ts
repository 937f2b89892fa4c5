import { describe, expect, it } from 'vitest';

/** A way to write lines, and how a test reads what was written. */
export interface LineOutputRig {
  push(line: string): void;
  /** Resolves when every line that was pushed has been taken or dropped. */
  flush(): Promise<void>;
  close(): void | Promise<void>;
  /** All that was written. */
  read(): string | Promise<string>;
}

/** What every output of lines guarantees. */
export function lineOutputSuite(name: string, make: () => LineOutputRig | Promise<LineOutputRig>): void {
  describe(`the contract of ${name}`, () => {
    it('writes lines whole, in order, each with a line feed, in UTF-8', async () => {
      const output = await make();
      const lines = ['one', '', 'with ümlaut \u2028 and "quotes"', 'x'.repeat(200_000), 'last'];
      for (const line of lines) output.push(line);
      await output.flush();
      await output.close();
      expect(await output.read()).toBe(lines.map((line) => `${line}\n`).join(''));
    });

    it('writes 5,000 lines that come one by one', async () => {
      const output = await make();
      const lines = Array.from({ length: 5000 }, (_, k) => `{"line":${k}}`);
      for (const line of lines) output.push(line);
      await output.flush();
      await output.close();
      expect(await output.read()).toBe(lines.map((line) => `${line}\n`).join(''));
    });

    it('is closed without a line, and leaves nothing that keeps a process alive', async () => {
      const before = handles();
      const output = await make();
      await output.close();
      await output.read();
      await expect.poll(handles, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });
  });
}

function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'CloseReq' && kind !== 'Timeout').length;
}
