// From a reading to its series: how each kind of value moves over time.
import { type MetricDefinition, prometheusName } from '@benchlab-otel/core';
import { courseOf } from './course.ts';
import type { DataSeries } from './dataSeries.ts';
import { histogramSeries } from './histogramSeries.ts';
import { type DataProcess, ofAgents } from './processes.ts';
import type { DataReading } from './reading.ts';
import { dataEnd } from './window.ts';

/** The series of one reading of one process. */
export function readingSeries(reading: DataReading, process: DataProcess): readonly DataSeries[] {
  const { metric, labels: own, base, at } = reading;
  const name = prometheusName(metric);
  const labels = { ...process.labels, ...own };
  if (metric.instrument === 'histogram') {
    const options = { bounds: metric.buckets ?? [], perSecond: base, key: loadKey(reading, process) };
    return histogramSeries(name, labels, process, { ...options, shift: shiftOf(labels) });
  }
  if (at !== undefined) return [{ name, labels, process, at: (_, instant) => at(instant) }];
  if (metric.instrument !== 'counter') return [{ name, labels, process, at: gauge(reading, process) }];
  const course = courseOf(keyOf(reading) ?? loadKey(reading, process));
  const amplitude = keyOf(reading) === undefined ? loadAmplitude : sensorAmplitude;
  return [
    {
      name,
      labels,
      process,
      at: (run, instant) => base * (run + amplitude * course.addedUp(instant - run, instant)),
    },
  ];
}

const sensorAmplitude = 0.1;
/** A supply in order stays within 5 %. */
const voltageAmplitude = 0.01;
const loadAmplitude = 0.25;

/** The course of the power of a device, and of all that follows from it. */
export function powerKey(device: string): string {
  return `power of ${device}`;
}

/** What a device measures has the course of the device, by whichever process it comes. */
function keyOf({ metric, labels }: DataReading): string | undefined {
  const device = labels.hw_id?.split('/')[0];
  if (device === undefined) return undefined;
  return ['W', 'J', 'A'].includes(metric.unit) ? powerKey(device) : `${metric.name} ${labels.hw_id}`;
}

/** What a process does: each operation, each model has a course of its own, and so has each process. */
function loadKey({ labels }: DataReading, { labels: own }: DataProcess): string {
  const { benchlab_power_role: _role, ...kind } = labels;
  return JSON.stringify([own.job, own.instance, kind]);
}

/** Operations, functions, implementations of one metric that are slower or cheaper than the others of it, in buckets. */
function shiftOf(labels: DataSeries['labels']): number {
  const values = Object.values(labels);
  const cheaper = ['price', 'Shop.price', 'encoded_to_sent', 'shop-3'].filter((each) => values.includes(each)).length;
  return values.includes('charge') || values.includes('cpp') ? 1 - cheaper : -cheaper;
}

/** What is set, counted or named stands still: limits, sizes, versions of a link, figures of a state. */
const still = /limit|size|nominal|timestamp|link|state|logical|capacity|system\.memory\.usage$|estimate|dropped$/;

function gauge(reading: DataReading, { host, labels }: DataProcess): DataSeries['at'] {
  const { metric, base } = reading;
  if (metric.name.endsWith('.uptime')) return (run) => run;
  if (metric.name === 'sidepanel.venice.balance_diem') return balance(base);
  const amplitude = amplitudeOf(metric, base);
  if (amplitude === 0) return () => base;
  // A reading of the bench is the same by each process that serves it.
  const place = ofAgents.test(metric.name) ? host : labels.instance;
  const course = courseOf(keyOf(reading) ?? JSON.stringify([metric.name, reading.labels, place]));
  const isCount = metric.unit.startsWith('{');
  return (_, instant) => {
    const value = base * (1 + amplitude * course.level(instant));
    return isCount ? Math.round(value) : value;
  };
}

/** As a share of the base. What is a share of a whole stays one. */
function amplitudeOf({ unit, name }: MetricDefinition, base: number): number {
  const isPercent = unit === '%' || name.endsWith('_percent');
  // Without a unit it is a state or the number of one.
  if ((unit === '' && !isPercent) || still.test(name) || base === 0) return 0;
  if (unit.startsWith('{')) return base >= 3 ? 0.4 : 0;
  const whole = isPercent ? 100 : unit === '1' ? 1 : undefined;
  if (unit === 'V') return voltageAmplitude;
  if (whole === undefined) return sensorAmplitude;
  const room = (whole - Math.abs(base)) / Math.abs(base);
  return Math.max(0, Math.min(sensorAmplitude, room / 2));
}

/** A balance is used up, half a unit an hour, and is back at its height each day. At the end of the data it is `base`. */
function balance(base: number): DataSeries['at'] {
  const perHour = 0.5;
  return (_, instant) => base + (perHour * ((dataEnd - instant) % 86_400)) / 3600;
}
