import { attribute, type DeviceEvent, logEvents, metric } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { maxNumberedLineBytes as maxLineBytes, maxSensors, maxSources } from '../samples/bounds.ts';
import { board, bytesOf, contentsOf, conversation, hello, lost, reader, sampleOf, sensor } from './busLines.suite.ts';
import { after, sampleLine, sensorLine, sourceLine } from './codec.suite.ts';
import { BusEncoder } from './encoder.ts';

describe('what goes over the bus', () => {
  it('comes out as it went in, wherever the bytes were cut', () => {
    for (const size of [1, 7, 100, 1e6]) {
      const { decoder, got } = reader();
      const { lines, samples } = conversation(new BusEncoder());
      const bytes = bytesOf(lines);
      for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));

      expect(got.samples.map(contentsOf)).toEqual(samples.map(contentsOf));
      expect(got.losses).toMatchObject([{ timeNs: 2.2e9, error: { code: 'BOARD_LOST', fix: 'Plug it in.' } }]);
      expect(got.losses[0]?.error.message).toBe(lost.message);
      expect(got.reports).toHaveLength(6);
    }
  });

  it('announces a sensor once and hands out one object for it, until its source is lost', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    const { lines } = conversation(encoder);
    decoder.push(bytesOf(lines));

    expect(lines.filter(({ bytes }) => bytes.includes('"kind":"sensor"'))).toHaveLength(3 + 3);
    const [first, second, , , fifth] = got.samples;
    expect(second?.readings[0]?.sensor).toBe(first?.readings[0]?.sensor);
    expect(second?.source).toBe(first?.source);
    expect(first?.readings[0]?.sensor.metric).toBe(metric.hwPower);
    expect(first?.readings[0]?.sensor.energyMetric).toBe(metric.hwEnergy);
    expect(fifth?.source).toEqual(first?.source);
    expect(fifth?.source).not.toBe(first?.source);
  });

  it('gives a late reader the live sources, and no others', () => {
    const encoder = new BusEncoder();
    conversation(encoder);
    const { decoder, got } = reader();
    decoder.push(bytesOf([encoder.hello(hello), ...encoder.announcements()]));

    expect(decoder.sources).toEqual([board]);
    expect(got.samples).toEqual([]);
  });

  it('keeps the mark of simulated hardware on readings and events, also when the agent left it out', () => {
    const simulated = { ...sourceLine, simulated: true };
    const event = { kind: 'event', source: 1, timeNs: 6, event: logEvents.benchlabFaultChange.name, attributes: {} };
    const { decoder, got } = after(simulated, sensorLine, sampleLine, event);

    expect(decoder.sources[0]).toMatchObject({ simulated: true, attributes: { [attribute.simulated]: true } });
    expect(got.samples[0]?.readings[0]?.sensor.attributes).toEqual({ [attribute.simulated]: true });
    expect(got.events[0]?.attributes).toEqual({ [attribute.simulated]: true });
  });

  it('carries events with their definition, after the sample that shows them', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    const definition = logEvents.benchlabFaultChange;
    const event: DeviceEvent = {
      source: board,
      timeNs: 3e9,
      definition,
      attributes: { [attribute.simulated]: true, a: [1, 2] },
    };
    const early = encoder.event(event);
    decoder.push(bytesOf([encoder.hello(hello), ...encoder.sample(sampleOf(board, 3e9, [])), ...encoder.event(event)]));

    expect(early).toEqual([]);
    expect(encoder.leftOut).toBe(1);
    expect(got.events).toEqual([event]);
    expect(got.events[0]?.definition).toBe(definition);
  });

  it('leaves out values that are not numbers, and counts them', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    const values = [Number.NaN, 1, Number.POSITIVE_INFINITY];
    const readings = values.map((value, k) => ({ sensor: sensor(`R${k}`), value }));
    decoder.push(bytesOf([encoder.hello(hello), ...encoder.sample(sampleOf(board, 1, readings))]));

    expect(got.samples[0]?.readings.map(({ value }) => value)).toEqual([1]);
    expect(encoder.leftOut).toBe(2);
  });

  it('announces a source again when its sensors come and go beyond the bound', () => {
    const encoder = new BusEncoder();
    const { decoder, got } = reader();
    decoder.push(bytesOf([encoder.hello(hello)]));
    for (let k = 0; k <= maxSensors; k++) {
      decoder.push(bytesOf(encoder.sample(sampleOf(board, k, [{ sensor: sensor(`R${k}`), value: k }]))));
    }

    expect(encoder.leftOut).toBe(0);
    expect(encoder.announcements()).toHaveLength(2);
    expect(got.samples.at(-1)?.readings[0]).toMatchObject({ value: maxSensors, sensor: sensor(`R${maxSensors}`) });
    expect(got.samples.at(-1)?.source).not.toBe(got.samples[0]?.source);
  });

  it('leaves out sensors, sources and lines beyond their bounds, and counts them', () => {
    const encoder = new BusEncoder();
    const many = Array.from({ length: maxSensors + 3 }, (_, k) => ({ sensor: sensor(`R${k}`), value: k }));
    encoder.sample(sampleOf(board, 1, many));
    expect(encoder.leftOut).toBe(3);
    for (let k = 1; k <= maxSources; k++) encoder.sample(sampleOf({ ...board, id: `${k}` }, 1, many.slice(0, 1)));
    expect(encoder.leftOut).toBe(4);
    const long = { metric: metric.hwPower, attributes: { a: 'x'.repeat(maxLineBytes) } };
    expect(
      encoder
        .sample(sampleOf({ ...board, id: '1' }, 2, [{ sensor: long, value: 1 }]))
        .at(-1)
        ?.bytes.toString(),
    ).toContain('"readings":[]');
  });
});
