// The reader of the sample bus: each connection is read as that of an agent. And a bus, which such clients may join.
import { createServer } from 'node:net';
import { BusDecoder } from '../../../packages/wire/dist/bus/decoder.js';
import { SampleBus } from '../../../packages/wire/dist/index.js';
import { serve } from './bounded.mjs';

const [path] = process.argv.slice(2);
const ignore = () => undefined;
const consumer = { sample: ignore, lost: ignore, polled: ignore, event: ignore };
const identity = { boot: 'a0000000-0000-0000-0000-000000000000', clock: 'time:[1]' };
const server = createServer((socket) => {
  const decoder = new BusDecoder({ identity, nowNs: () => 1e9, consumer, hello: ignore });
  socket.on('error', ignore);
  socket.on('data', (bytes) => {
    try {
      decoder.push(bytes);
    } catch (error) {
      if (error.name !== 'BenchlabError') throw error;
      socket.destroy();
    }
  });
});
const bus = new SampleBus({ path });
await bus.start();
server.listen(0, '127.0.0.1', () => serve({ port: server.address().port }));
