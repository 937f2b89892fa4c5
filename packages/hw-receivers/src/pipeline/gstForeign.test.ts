import { expect, test } from 'vitest';
import { isOfUser, userLog } from './gstForeign.ts';

const log = (level: string, category: string, text: string) =>
  `0:00:00.030000000 1 0x5 ${level}   ${category} file.c:1:function:<object> ${text}`;
const all = userLog({ GST_DEBUG: '*:4', GST_TRACERS: 'latency' });

test.each([
  ['a record of another tracer', log('TRACE', 'GST_TRACER', 'latency, time=(guint64)1;')],
  ['the schema of another tracer', log('TRACE', 'GST_TRACER', 'latency.class, time=(structure)"x";')],
  ['a message of an element', log('INFO', 'videoencoder', 'a frame was dropped')],
  ['a warning of the pipeline', log('WARN', 'pipeline', 'failed to change state')],
  ['a further line of a message', '    in two lines'],
])('%s counts as output of the user only where the user asked for it', (_, text) => {
  expect(isOfUser(text, all)).toBe(true);
  expect(isOfUser(text, userLog({}))).toBe(false);
  expect(isOfUser(text, userLog({ GST_DEBUG: ' ', GST_TRACERS: 'stats' }))).toBe(false);
});

test.each([
  ['a frame', log('TRACE', 'GST_TRACER', 'buffer, ts=(guint64)1;')],
  ['the schema of frames', log('TRACE', 'GST_TRACER', 'buffer.class, ts=(structure)"x";')],
  ['the clock', log('DEBUG', 'pipeline', 'start_time=0:00:00.0, now=0:01:00.0, base_time 0:01:00.0')],
  ['a frame that was cut', 'TRACE GST_TRACER :0:: buffer, ts=(gui'],
  ['an empty line', ''],
])('%s is ours', (_, text) => {
  expect(isOfUser(text, all)).toBe(false);
});
