import { inputAddress } from '@benchlab-otel/dashboard';
import { z } from 'zod';
import { type AgentConfig, agentEnrichers, agentSources, type SectionName, type SettingPath } from './agentConfig.ts';
import { alertRuleSchema } from './alertRuleSchema.ts';
import {
  listSetting,
  numberOf,
  numberSetting,
  type Setting,
  switchSetting,
  textOrListSetting,
  textSetting,
  wordSetting,
} from './setting.ts';

type Settings = { readonly [S in SectionName]: SettingsOf<AgentConfig[S]> };
type SettingsOf<Section> = { readonly [K in keyof Section]: Setting<Exclude<Section[K], undefined>> };

/** The most that a receiver of the table takes: boards. */
const mostHz = 100;

const gpu = z.union(
  [z.number().int().min(0).max(31), z.string().regex(/^GPU-[0-9a-fA-F-]+$/)],
  'an index from 0 to 31, or a UUID: GPU-…',
);

const httpAddress = z
  .string('an address that begins with http')
  .regex(/^https?:\/\/\S+$/, 'an address that begins with http');

const bindForm = 'HOST:PORT, an IPv6 address in brackets, a port from 0 to 65535';
const bindPattern =
  /^(?:\[[0-9a-fA-F:.%]+\]|[^:\s[\]]+):(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/;

const inputForm = 'a file, a FIFO, the folder of a session, unix:PATH or tcp:HOST:PORT; NODE= may stand before it';
const input = z
  .string('an address of an input')
  .regex(/^\P{Cc}+$/u, inputForm)
  .refine(isPageInput, inputForm);

const stageAddress = z
  .string('a path, unix:PATH or udp:PORT')
  .regex(/^(?!-$)[^\p{Cc}]{1,1000}$/u, 'a path, unix:PATH or udp:PORT');

/** As `sessions record --session` takes them, with room for -2. */
const sessionNameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,89}$/;
const sessionNameRule = '1 to 90 letters, digits, ".", "_" and "-", which begin with a letter or digit';

function stageSetting(details: Parameters<typeof textSetting>[1]): Setting<string> {
  return textSetting('the name of a stage without a colon', details, /^[^:\p{Cc}]+$/u);
}

/** Every key of the configuration file, once: the file, the variables, the schema, the help and the tests are made of it. */
export const settings: Settings = {
  general: {
    data_root: textSetting('a folder', {
      variable: 'BENCHLAB_DATA_ROOT',
      summary: 'Sessions are recorded in its folder sessions. Absent: nothing is recorded',
    }),
    sample_hz: numberSetting(
      0.1,
      mostHz,
      {
        variable: 'BENCHLAB_SAMPLE_HZ',
        summary: 'Samples a second of every receiver, as near as its own bounds allow. Absent: the default of each',
      },
      false,
    ),
    node_name: textSetting('a name', {
      summary: 'Name of this host among several: the attribute benchlab.node, and the label node of every series',
    }),
    session: {
      schema: z.string(sessionNameRule).regex(sessionNameForm, sessionNameRule),
      fromText: (text) => text,
      variable: 'BENCHLAB_SESSION',
      summary: 'Name of the first session; those after it get -2, -3. Absent: the time at which each is opened, in UTC',
    },
  },
  gpu: {
    provider: wordSetting(['nvml'], { initial: 'nvml', summary: 'How GPUs are read' }),
    device_index: numberSetting(0, 31, { summary: 'Read this GPU alone, counted from 0. Absent: all' }),
    devices: listSetting(
      gpu,
      'GPUs, each an index or a UUID',
      { summary: 'Read these GPUs alone. Absent: all' },
      numberOf,
    ),
  },
  cpu: {
    enable_rapl: switchSetting({ initial: true, summary: 'Read the energy counters of the processors' }),
  },
  benchlab: {
    device: textOrListSetting('the path of a serial port', 'paths of serial ports', {
      variable: 'BENCHLAB_DEVICE',
      summary: 'Ports of the boards. Absent: all serial ports are tried',
    }),
    baud: numberSetting(1, 10_000_000, {
      variable: 'BENCHLAB_BAUD',
      summary: 'Obsolete',
      withoutEffect: 'a board on USB has no baud rate',
    }),
    calibration_interval_sec: numberSetting(0, 1e9, {
      summary: 'Obsolete',
      withoutEffect: 'every sample states its own uncertainty in time',
    }),
    rate_hz: numberSetting(1, mostHz, { summary: 'Polls of each board a second; wins over sample_hz' }, false),
    dither: switchSetting({
      initial: true,
      summary: 'Move each poll by up to half a period at random, so that jobs in step with the polls are seen',
    }),
    assume_firmware: numberSetting(0, 255, { summary: 'Read a board of unpublished firmware as if it had this one' }),
  },
  pipeline: {
    stage_a: stageSetting({
      variable: 'CX_STAGE_A',
      initial: 'ingress',
      summary: 'The stage at which a latency begins',
    }),
    stage_b: stageSetting({ variable: 'CX_STAGE_B', initial: 'encoded', summary: 'The stage at which it ends' }),
    from: listSetting(stageAddress, 'addresses, each a path, unix:PATH or udp:PORT', {
      summary:
        'Where pipelines write their stage events: files, FIFOs, unix:PATH, udp:PORT. Absent: a socket next to that of the samples, agent.stages.sock',
    }),
  },
  cx_export: {
    enabled: switchSetting({
      initial: false,
      summary: 'Put tables of each closed session into watch_dir, for CapFrameX',
    }),
    watch_dir: textSetting('a folder', { summary: 'The folder that CapFrameX watches' }),
    application_name: textSetting('a name', {
      variable: 'CX_APP',
      initial: 'Vantage:Pipeline',
      summary: 'The application in these tables',
    }),
  },
  prometheus: {
    bind: textSetting(
      bindForm,
      {
        variable: 'BENCHLAB_PROM',
        initial: '127.0.0.1:9109',
        summary: 'Address of the metrics page. One that other hosts can reach needs token_file or unprotected = true',
      },
      bindPattern,
    ),
    token_file: textSetting('the path of a file', {
      summary: 'File with the bearer token of the page, readable by the agent alone. Else TELEMETRY_METRICS_TOKEN_FILE',
    }),
    unprotected: switchSetting({
      summary: 'Show the page to other hosts without a token. Else TELEMETRY_METRICS_UNPROTECTED',
    }),
  },
  web: {
    bind: textSetting(
      bindForm,
      {
        summary:
          'Address of the dashboard: 127.0.0.1:3010. One that other hosts can reach needs token_file or unprotected = true. Absent: none',
      },
      bindPattern,
    ),
    token_file: textSetting('the path of a file', {
      summary: 'File with the token of the dashboard, readable by the agent alone',
    }),
    unprotected: switchSetting({ initial: false, summary: 'Show the dashboard to other hosts without a token' }),
    cert_file: textSetting('the path of a file', { summary: 'Serve HTTPS with this certificate in PEM, and key_file' }),
    key_file: textSetting('the path of a file', { summary: 'The private key of cert_file, in PEM' }),
    inputs: listSetting(input, 'inputs', {
      summary:
        'What the dashboard shows besides the samples of the agent: files, sockets and sessions, as web --input has them',
    }),
  },
  retention: {
    days: numberSetting(1, 36_500, {
      variable: 'BENCHLAB_RETENTION_DAYS',
      initial: 90,
      summary: 'Days after its close on which a session is removed',
    }),
    raw_keep_days: numberSetting(0, 36_500, {
      variable: 'BENCHLAB_RAW_KEEP_DAYS',
      initial: 7,
      summary: 'Days after its close on which its raw lines are removed; its rows stay',
    }),
    quota_gb: numberSetting(
      0.001,
      1e6,
      { summary: 'The most that all sessions together take: the oldest are removed first, GB. Absent: no bound' },
      false,
    ),
  },
  agent: {
    sources: listSetting(z.enum(agentSources, `one of ${agentSources.join(', ')}`), agentSources.join(', '), {
      initial: agentSources,
      summary: 'What is read',
    }),
    enrichers: listSetting(z.enum(agentEnrichers, `one of ${agentEnrichers.join(', ')}`), agentEnrichers.join(', '), {
      summary:
        'Enrichers of the resource that all signals have: git, ci, container. Besides those of TELEMETRY_ENRICHERS',
    }),
    simulate: switchSetting({
      initial: false,
      summary: 'Read an emulated board and GPU, and record an emulated pipeline. Everything they produce is marked',
    }),
    socket: textSetting('the path of a Unix socket', {
      summary: 'The sample bus. Absent: /run/benchlab/agent.sock for root, else /run/user/UID/benchlab/agent.sock',
    }),
    telemetry_out: textSetting('a file or FIFO', { summary: 'Where runtime events are written' }),
    session_hours: numberSetting(
      0.1,
      168,
      { initial: 1, summary: 'A session is closed after this time, and the next one continues without a gap' },
      false,
    ),
  },
  otlp: {
    endpoint: textSetting('http://HOST:PORT, https://HOST:PORT, HOST:PORT or unix:///PATH', {
      summary:
        'The collector that metrics and log lines are sent to, OTLP over gRPC. Variables of OpenTelemetry win. Absent: none',
    }),
  },
  alerts: {
    alertmanagers: listSetting(httpAddress, 'addresses of Alertmanagers', {
      summary: 'Each of them gets every alert: http://127.0.0.1:9093',
    }),
    webhook: textSetting(
      'an address that begins with http',
      { summary: 'An address that gets one message for each state of an alert' },
      /^https?:\/\/\S+$/,
    ),
    webhook_form: wordSetting(['generic', 'slack'], { initial: 'generic', summary: 'What the webhook takes' }),
    token_file: textSetting('the path of a file', { summary: 'File with a bearer token for these addresses' }),
    interval_sec: numberSetting(1, 600, { initial: 15, summary: 'Seconds between two looks at the metrics' }),
    rules: {
      schema: z.array(alertRuleSchema, 'a list of tables [[alerts.rules]], at most 100').min(1).max(100),
      fromText: (text) => text,
      summary: 'When an alert fires, in the file alone; benchlab-probe agent config --example-alerts prints some',
    },
  },
};

/** A setting, its place in the file and its variable. */
export interface PlacedSetting {
  readonly path: SettingPath;
  readonly section: string;
  readonly key: string;
  readonly variable: string;
  readonly setting: Setting<unknown>;
}

/** All settings in the order of the file. */
export function settingList(): readonly PlacedSetting[] {
  return Object.entries(settings).flatMap(([section, keys]) =>
    Object.entries(keys as Readonly<Record<string, Setting<unknown>>>).map(([key, setting]) => ({
      path: `${section}.${key}` as SettingPath, // the keys of the table above
      section,
      key,
      variable: setting.variable ?? `BENCHLAB_${section}_${key}`.toUpperCase(),
      setting,
    })),
  );
}

/** Sections of the file of other programs that are accepted and do nothing, with the reason. */
export const sectionsWithoutEffect: Readonly<Record<string, string>> = {
  benchlab_sdk: 'the agent reads boards without the library of their vendor',
};

/** Standard input is not of the page, and the samples of the agent are there without an input. */
function isPageInput(text: string): boolean {
  try {
    const { kind } = inputAddress(text).address;
    return kind !== 'stdin' && kind !== 'agent';
  } catch {
    return false;
  }
}
