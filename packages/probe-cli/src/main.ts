import { processHost } from './host/processHost.ts';
import { probe } from './probe.ts';

process.exitCode = await probe(process.argv.slice(2), processHost());
