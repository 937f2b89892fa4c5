// Random attacks on what listens: both protocols of the OTLP receiver, the metrics page, both ends of the sample bus. A seed
// gives the same bytes again. The targets are processes of their own, which end themselves beyond a bound of memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attacksOn } from './fuzz/attacks.mjs';
import { generator } from './fuzz/random.mjs';
import { sendRaw } from './fuzz/senders.mjs';
import { startTarget } from './fuzz/targets.mjs';

/** A good request between attacks must be answered within this, ms. */
const healthMs = 20_000;
const roundsBetweenChecks = 250;
const attackers = 4;

/**
 * Attacks until one of the bounds is reached. Resolves to the figures; rejects when a target ends or does not answer.
 *
 * @param {{ seed: number, rounds?: number, ms?: number }} options
 */
export async function fuzz({ seed, rounds = Number.POSITIVE_INFINITY, ms = Number.POSITIVE_INFINITY }) {
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-fuzz-'));
  const targets = [];
  try {
    const started = async (name, ...args) => {
      const target = await startTarget(name, args);
      targets.push(target);
      return target;
    };
    const [otlp, page] = [await started('otlp'), await started('page', 'page')];
    const bus = Object.assign(await started('bus', join(folder, 'agent.sock')), { path: join(folder, 'agent.sock') });
    return await attack({ otlp, page, bus }, generator(seed), rounds, ms);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
  } finally {
    for (const { child } of targets) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function attack(targets, random, rounds, ms) {
  const started = performance.now();
  const all = attacksOn(targets);
  const counts = Object.fromEntries(all.map(([name]) => [name, 0]));
  let [done, slowestMs] = [0, 0];
  while (done < rounds && performance.now() - started < ms) {
    const batch = Math.min(roundsBetweenChecks, rounds - done);
    const next = Array.from({ length: batch }, () => {
      const [name, send, make] = all[Math.floor(random() * all.length)];
      counts[name]++;
      // All that is random happens here, in one order: who is faster does not matter.
      return [send, make(random)];
    });
    const one = async () => {
      for (let job = next.pop(); job !== undefined; job = next.pop()) await job[0](job[1]);
    };
    await Promise.all(Array.from({ length: attackers }, one));
    done += batch;
    slowestMs = Math.max(slowestMs, await health(targets));
  }
  const mostMb = {};
  for (const [name, target] of Object.entries(targets)) mostMb[name] = (await target.figures()).mostMb;
  return { rounds: done, counts, mostMb, slowestMs: Math.round(slowestMs) };
}

/** Good requests are still answered. Resolves to the time of the slowest answer, ms. */
async function health({ otlp, page, bus }) {
  const started = performance.now();
  const header = otlp.header.replace('=', ': ');
  const get = (text) => Buffer.from(text);
  const [trace, scrape] = await Promise.all([
    sendRaw(
      otlp.port,
      get(
        `POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n${header}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      ),
      healthMs,
    ),
    sendRaw(page.port, get('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'), healthMs),
    bus.figures(),
  ]);
  for (const [what, answer] of Object.entries({ receiver: trace, page: scrape })) {
    if (!answer.startsWith('HTTP/1.1 200'))
      throw new Error(`the ${what} does not answer a good request: "${answer.slice(0, 80)}"`);
  }
  return performance.now() - started;
}
