import { seriesTypes, spanKinds, spanStatuses } from '@benchlab-otel/analysis';
import { z } from 'zod';
import type { SavedTelemetry } from './savedTelemetry.ts';

const number = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])]);
const traceId = z.string().regex(/^[0-9a-f]{32}$/);
const spanId = z.string().regex(/^[0-9a-f]{16}$/);
const values = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(z.number()), z.array(z.boolean())]),
);

const point = z.object({
  labels: z.record(z.string(), z.string()),
  value: number.describe('The newest: of a counter its total, of a histogram or summary its count'),
  first: number.optional().describe('The first that was seen'),
  delta: number.optional().describe('How much it grew during the run'),
  sum: number.optional().describe('Of a histogram or summary'),
  exemplars: z.number().int().min(0).optional().describe('Default 0'),
});

const series = z.object({
  name: z.string().describe('On a page of Prometheus'),
  type: z.enum(seriesTypes),
  unit: z.string().optional().describe('As the sender states it'),
  points: z.array(point),
});

const span = z.object({
  traceId,
  spanId,
  parentSpanId: spanId.optional(),
  name: z.string(),
  kind: z.enum(spanKinds),
  startSeconds: z.number().min(0).describe('From the start of the first span'),
  durationSeconds: z.number().min(0),
  status: z.enum(spanStatuses),
  statusMessage: z.string().optional(),
  attributes: values,
  links: z.array(z.object({ traceId, spanId })).optional(),
});

const log = z.object({
  event: z.string().optional(),
  severityNumber: z.number().int().min(1).max(24).optional(),
  traceId: traceId.optional(),
  spanId: spanId.optional(),
  fields: values.describe('Attributes, and the keys of a body that is a map'),
});

/** The form of a file of `run --save`. Unknown fields are ignored: a new field is no new version. */
export const telemetrySchema: z.ZodType<SavedTelemetry> = z.object({
  schema: z.literal('benchlab-probe/telemetry'),
  schemaVersion: z.literal(1),
  startedAt: z.string(),
  lost: z
    .object({ series: z.string().optional(), spans: z.string().optional(), logs: z.string().optional() })
    .describe('What of each signal was lost, or left out of this file'),
  series: z.array(series),
  spans: z.array(span),
  logs: z.array(log),
});
