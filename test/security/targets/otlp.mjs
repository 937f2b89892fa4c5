// The receiver of `benchlab-probe run`.
import { startOtlpReceiver } from '../../../packages/probe-cli/dist/otlp/otlpReceiver.js';
import { serve } from './bounded.mjs';

const receiver = await startOtlpReceiver();
serve({ port: Number(new URL(receiver.endpoint).port), header: receiver.header }, () => ({
  received: receiver.store.received,
}));
