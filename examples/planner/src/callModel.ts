import { spans } from '@benchlab-otel/presets';
import { withSpanOf } from '@benchlab-otel/sdk';
import { context, propagation } from '@opentelemetry/api';
import type { Completion } from './aiApi.ts';
import { dataset, model } from './versions.ts';

/** Asks the model, in a span `llm.call` with its versions and tokens. */
export function callModel(url: string, prompt: string): Promise<string> {
  const versions = { 'model.version': model.version, 'dataset.version': dataset.version };
  const call = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'emulated',
    'gen_ai.request.model': model.name,
  };
  return withSpanOf(spans.llmCall, { ...versions, ...call }, async (span) => {
    const body = JSON.stringify({ model: model.name, messages: [{ role: 'user', content: prompt }] });
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers: traceHeaders() });
    if (!response.ok) throw new Error(`The model answered with ${response.status}.`);
    const completion = (await response.json()) as Completion; // our own server
    span.setAttributes({
      'gen_ai.response.model': completion.model,
      'gen_ai.usage.input_tokens': completion.usage.prompt_tokens,
      'gen_ai.usage.output_tokens': completion.usage.completion_tokens,
    });
    return completion.choices[0]?.message.content ?? '';
  });
}

/** The trace and the baggage for another process (W3C Trace Context, W3C Baggage). */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  propagation.inject(context.active(), headers);
  return headers;
}
