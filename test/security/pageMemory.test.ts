// The memory of the metrics page under attack: its own server, and its handler in a server of the application.
import { describe, expect, it } from 'vitest';
import { closing, connected, raw } from './attackers.ts';
import { answer } from './page.suite.ts';
import { startTarget } from './target.ts';

describe.each(['page', 'handler'])('memory of the %s', (kind) => {
  it('stays bounded when clients send thousands of scrapes with gzip without reading an answer', async () => {
    const target = await startTarget('page', [kind]);
    const scrape = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n';
    const before = (await target.figures()).mostMb;

    const clients = await Promise.all(Array.from({ length: 8 }, () => connected(target.port)));
    for (const client of clients) client.pause().write(scrape.repeat(4_000));
    const ended = Promise.all(clients.map(closing));
    for (const client of clients) client.resume();
    await ended;

    // One compression of this page takes a few MB, and 32,000 of them took the machine.
    expect((await target.figures()).mostMb - before).toBeLessThan(200);
    expect((await answer(target.port)).text).toContain('watts{rail="rail-1899-');
  });

  it('disconnects a client that sends more than eight requests without waiting for an answer', async () => {
    const target = await startTarget('page', [kind]);
    const scrape = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const last = scrape.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

    const polite = await raw(target.port, scrape.repeat(7) + last);
    const pushing = await raw(target.port, scrape.repeat(9));

    expect(polite.match(/HTTP\/1\.1 200/g)).toHaveLength(8);
    expect(pushing).toBe('');
  });

  it('answers after clients that sent eight requests each and went away', async () => {
    const target = await startTarget('page', [kind]);
    for (let client = 0; client < 40; client++) {
      const socket = await connected(target.port);
      socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(8), () => socket.destroy());
      await closing(socket);
    }

    // The target notices the end of the last ones after a turn or two.
    await expect.poll(async () => (await answer(target.port)).status, { timeout: 10_000 }).toBe(200);
  });
});
