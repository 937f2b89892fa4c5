import { BenchlabError, type StageConsumer, type StageEvent, type StageSource } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';

/** A source of stage events, and how something is written to it. */
export interface StageSourceRig {
  readonly source: StageSource;
  /** Has at least one event written, which arrives some time after it has resolved. */
  write(): void | Promise<void>;
  /** Releases what the source does not own. */
  close?(): void;
}

/** What every source of stage events guarantees. `make` makes a source that was never started, and what writes to it. */
export function stageSourceSuite(name: string, make: () => StageSourceRig | Promise<StageSourceRig>): void {
  describe(`the contract of ${name}`, () => {
    it('stops unstarted, twice, and while it starts', async () => {
      const { source, close } = await make();
      await source.stop();
      await source.start(new CollectedEvents());
      await Promise.all([source.stop(), source.stop()]);
      const starting = source.start(new CollectedEvents());
      await source.stop();
      await starting;
      await source.stop();
      close?.();
    });

    it('is not started twice', async () => {
      const { source, close } = await make();
      await source.start(new CollectedEvents());
      await expect(source.start(new CollectedEvents())).rejects.toMatchObject({
        code: 'ALREADY_STARTED',
        message: expect.stringContaining(source.name),
      });
      await source.stop();
      close?.();
    });

    it('delivers events under its name, is silent after its stop, and starts again', async () => {
      const { source, write, close } = await make();
      for (let round = 0; round < 2; round++) {
        const got = new CollectedEvents();
        await source.start(got);
        await write();
        await expect.poll(() => got.events.length, { timeout: 10_000 }).toBeGreaterThan(0);
        await source.stop();
        const count = got.events.length;
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        expect(got.events).toHaveLength(count);
        for (const event of got.events) {
          expect(event).toMatchObject({ source: source.name, stage: expect.any(String), timeNs: expect.any(Number) });
          expect(event.uncertaintyNs).toBeGreaterThanOrEqual(0);
        }
        expect(got.errors).toEqual([]);
      }
      close?.();
    });

    it('leaves nothing that keeps a process alive', async () => {
      const before = handles();
      const { source, write, close } = await make();
      const got = new CollectedEvents();
      await source.start(got);
      await write();
      await expect.poll(() => got.events.length, { timeout: 10_000 }).toBeGreaterThan(0);
      await source.stop();
      close?.();
      await expect.poll(handles, { timeout: 10_000 }).toBeLessThanOrEqual(before);
    });
  });
}

class CollectedEvents implements StageConsumer {
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
