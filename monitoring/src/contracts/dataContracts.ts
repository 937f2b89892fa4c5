import {
  type AttributeDefinition,
  type LogEventDefinition,
  type MetricDefinition,
  prometheusLabel,
  prometheusName,
  type SignalFamily,
  type SpanDefinition,
} from '@benchlab-otel/core';
import { registry } from '../registry.ts';

/** The data contracts as a page for people: every metric, span, log event and attribute of the registry. */
export function dataContracts(): string {
  const sections = [
    introduction,
    `## Metrics\n\n${metricsIntroduction}`,
    ...registry.families.filter(({ metrics }) => metrics !== undefined).map(familySection),
    `## Spans\n\n${spansIntroduction}`,
    ...registry.spans.map((span) => signalSection(span, `Kind: ${span.kind}.`)),
    `## Log events\n\n${logsIntroduction}`,
    ...registry.logEvents.map((event) => signalSection(event, `Level: ${event.level}.`)),
    `## Attributes\n\n${attributesIntroduction}`,
    attributeTable(),
  ];
  return `${sections.join('\n\n')}\n`;
}

const introduction = `<!-- Generated from the signal families of packages/core and packages/presets by \`npm run render\`. Change it there. -->

# Data contracts

What this project emits: names, units, labels and what they mean. Code, dashboards and alerts take them from one registry,
from which this page is generated. It joins the families of \`@benchlab-otel/core\` (what this project records itself) and
\`@benchlab-otel/presets\` (pipeline, models, inference runtime, service and AI API). The same registry in the format of
[OpenTelemetry Weaver](https://github.com/open-telemetry/weaver) is in [\`registry/\`](../registry).

[Metrics](#metrics) · [Spans](#spans) · [Log events](#log-events) · [Attributes](#attributes)

Each entry states where its name comes from:

| origin | means |
| --- | --- |
| semconv | the OpenTelemetry semantic conventions |
| seed | a document that this project replaces; the name stays as it is there |
| benchlab | this project |

Words in \`code\` are literal. A **stable** entry keeps its name and meaning within a major version; one in **development** may
change with a note in the changelog.`;

const metricsIntroduction = `A series has the same name on the metrics page, by OTLP through a collector, and by the collector's own exporter.

- A **counter** only grows; ask for its \`rate()\` or \`increase()\`.
- A **gauge** has its latest value; so has an **updowncounter**, which code adds to and takes from.
- A **histogram** \`x\` has the series \`x_bucket\`, \`x_sum\` and \`x_count\`; its bounds are below its table.

Labels are optional unless stated otherwise: a point has those that are known. \`environment\` is on every point of a process
that was given one (\`TELEMETRY_ENVIRONMENT\`). \`benchlab_simulated="true"\` marks values that emulated hardware produced, and
all that derives from them. An instrument holds at most 2000 series; further ones are added to one series that is marked
\`otel_metric_overflow\`.`;

const spansIntroduction = `Required attributes are there when the span starts; \`withSpanOf\` refuses to compile without them. The others are set when
they are known. Every span that failed has the status ERROR and \`error.type\`, and \`error.code\` where the error had a code.

A span that judges the work of another one names it with \`provenance.id\` and a link to that span. One that does not is
marked with \`provenance.missing\` and counted in \`benchlab_record_faults_total{benchlab_record_fault="missing_provenance"}\`.

Spans of decorated functions and of \`withSpan\` have the names that the application gives them, and \`code.function.name\`.
On spans that were measured, [\`benchlab.energy.*\`](#attributes) has their energy in joules.`;

const logsIntroduction = `A log line is one JSON object. These have their name under the key \`event\`; \`eventFields\` makes them. Inside a span every
line has \`trace_id\`, \`span_id\` and \`trace_flags\`.`;

const attributesIntroduction = `On spans, log lines and resources they have these names; as labels of metrics, every character but letters, digits and
\`_\` becomes \`_\`: \`hw.id\` is the label \`hw_id\`. \`recordMetric\`,
\`withSpanOf\` and \`eventFields\` record a value outside a closed set as \`_OTHER\`, and leave out a value of another type.`;

function familySection({ name: title, about, metrics: ofFamily = {} }: SignalFamily): string {
  const metrics = Object.values(ofFamily).sort((a, b) => (prometheusName(a) < prometheusName(b) ? -1 : 1));
  const usual = mostFrequent(metrics.map(origin));
  const table = rows(
    ['Series', 'OpenTelemetry name', 'Type, unit', 'Labels', 'Meaning'],
    metrics.map((each) => [
      code(prometheusName(each)),
      code(each.name),
      each.unit === '' ? each.instrument : `${each.instrument}, ${code(each.unit)}`,
      each.attributes.map((name) => code(prometheusLabel(name))).join(' '),
      origin(each) === usual ? each.description : `${each.description} (${origin(each)})`,
    ]),
  );
  const parts = [`### ${title}`, `${about} Unless noted: ${usual}.`, table, bucketBounds(metrics)];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Histograms with the same bounds share a line. */
function bucketBounds(metrics: readonly MetricDefinition[]): string {
  const seriesByBounds = new Map<string, string[]>();
  for (const each of metrics) {
    if (each.buckets === undefined) continue;
    const bounds = each.buckets.join(', ');
    seriesByBounds.set(bounds, [...(seriesByBounds.get(bounds) ?? []), code(prometheusName(each))]);
  }
  const lines = [...seriesByBounds].map(([bounds, series]) => `- ${series.join(', ')}: ${bounds}`);
  return lines.length === 0 ? '' : `Bucket bounds:\n\n${lines.join('\n')}`;
}

function mostFrequent(texts: readonly string[]): string {
  const count = (text: string) => texts.filter((each) => each === text).length;
  return [...texts].sort((a, b) => count(b) - count(a))[0] ?? '';
}

function signalSection(definition: SpanDefinition | LogEventDefinition, trait: string): string {
  const { name, description, required, optional } = definition;
  const table = rows(
    ['Attribute', 'Required', 'Meaning'],
    [
      ...required.map((each) => [code(each), 'yes', meaning(each)]),
      ...optional.map((each) => [code(each), '', meaning(each)]),
    ],
  );
  return `### ${code(name)}\n\n${description} ${trait} Origin: ${origin(definition)}.\n\n${table}`;
}

function attributeTable(): string {
  return rows(
    ['Attribute', 'Type', 'Meaning', 'Origin'],
    registry.attributes.map((each) => [code(each.name), typeText(each), each.description, each.origin]),
  );
}

function meaning(name: string): string {
  return registry.attributes.find((each) => each.name === name)?.description ?? '';
}

function typeText({ type, values }: AttributeDefinition): string {
  return values === undefined ? type : values.map(code).join(' ');
}

function origin({ origin: from, stability }: Pick<MetricDefinition, 'origin' | 'stability'>): string {
  return `${from}, ${stability}`;
}

function rows(header: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
