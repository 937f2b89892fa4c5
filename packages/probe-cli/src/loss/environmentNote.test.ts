import { describe, expect, it } from 'vitest';
import { environmentNote } from './environmentNote.ts';

describe('the note about the environment of the program', () => {
  it('names what is replaced or taken away, without its value, and what stays and decides on spans, with it', () => {
    const own = {
      PATH: '/bin',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:s3cret@collector:4317',
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_SDK_DISABLED: '',
    };
    const { OTEL_TRACES_EXPORTER: _, ...rest } = own;
    const child = { ...rest, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_BSP_SCHEDULE_DELAY: '200' };

    expect(environmentNote(own, child)).toBe(
      'environment: replaced for the program: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER; ' +
        'kept: OTEL_TRACES_SAMPLER=traceidratio, OTEL_TRACES_SAMPLER_ARG=0.1',
    );
  });

  it('is absent where nothing of the user is replaced and nothing decides on spans', () => {
    expect(environmentNote({ PATH: '/bin', OTEL_SERVICE_NAME: 'shop' }, { OTEL_SERVICE_NAME: 'shop' })).toBeUndefined();
  });

  it('cuts a long value', () => {
    const own = { OTEL_TRACES_SAMPLER: 'x'.repeat(1000) };

    expect(environmentNote(own, own)?.length).toBeLessThan(120);
  });
});
