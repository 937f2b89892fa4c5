import { fileProof } from './vitest.mjs';

export const proof = fileProof({
  name: 'session',
  what: '`kill -9` of a recording at 50 random moments: at most a second is lost, each is continued without a row lost or doubled, and aligned twice to the same bytes.',
  file: 'test/scale/session.test.ts',
});
