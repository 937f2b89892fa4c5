import { BenchlabError, type StageConsumer, type StageEvent, type StageSource } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';

/** A source, and how to have something written to it. */
export interface StageSourceRig {
  readonly source: StageSource;
  /** At least one event, some time after it has resolved. */
  write(): void | Promise<void>;
  /** What the source does not own. */
  close?(): void;
}

/** What every source of stage events owes: `make` gives a new one, and what it reads. */
export function stageSourceSuite(name: string, make: () => StageSourceRig | Promise<StageSourceRig>): void {
  describe(`the contract of ${name}`, () => {
    it('stops unstarted, twice, and while it starts', async () => {
      const { source, close } = await make();
      await source.stop();
      await source.start(new Heard());
      await Promise.all([source.stop(), source.stop()]);
      const starting = source.start(new Heard());
      await source.stop();
      await starting;
      await source.stop();
      close?.();
    });

    it('is not started twice', async () => {
      const { source, close } = await make();
      await source.start(new Heard());
      await expect(source.start(new Heard())).rejects.toMatchObject({
        code: 'ALREADY_STARTED',
        message: expect.stringContaining(source.name),
      });
      await source.stop();
      close?.();
    });

    it('gives events under its name, is silent once it has stopped, and starts again', async () => {
      const { source, write, close } = await make();
      for (let round = 0; round < 2; round++) {
        const heard = new Heard();
        await source.start(heard);
        await write();
        await expect.poll(() => heard.events.length, { timeout: 10_000 }).toBeGreaterThan(0);
        await source.stop();
        const count = heard.events.length;
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(heard.events).toHaveLength(count);
        for (const event of heard.events) {
          expect(event).toMatchObject({ source: source.name, stage: expect.any(String), timeNs: expect.any(Number) });
          expect(event.uncertaintyNs).toBeGreaterThanOrEqual(0);
        }
        expect(heard.errors).toEqual([]);
      }
      close?.();
    });

    it('leaves nothing behind that keeps a process alive', async () => {
      const before = handles();
      const { source, write, close } = await make();
      const heard = new Heard();
      await source.start(heard);
      await write();
      await expect.poll(() => heard.events.length, { timeout: 10_000 }).toBeGreaterThan(0);
      await source.stop();
      close?.();
      await expect.poll(handles).toBeLessThanOrEqual(before);
    });
  });
}

class Heard implements StageConsumer {
  readonly events: StageEvent[] = [];
  readonly errors: BenchlabError[] = [];
  stage(event: StageEvent): void {
    this.events.push(event);
  }
  ended({ error }: { readonly error?: BenchlabError }): void {
    if (error instanceof BenchlabError) this.errors.push(error);
  }
}

function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind !== 'CloseReq' && kind !== 'Timeout').length;
}
