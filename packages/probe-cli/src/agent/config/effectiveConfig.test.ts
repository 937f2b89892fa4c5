import { alertConditionForm } from '@benchlab-otel/node';
import { describe, expect, it, test } from 'vitest';
import { agentAlerts } from '../agentAlerts.ts';
import type { SettingPath } from './agentConfig.ts';
import { type ConfigSources, effectiveConfig } from './effectiveConfig.ts';
import { exampleAlerts } from './exampleAlerts.ts';
import { seedConfig } from './seedConfig.suite.ts';
import { settingList } from './settings.ts';
import { tomlFile } from './tomlFile.ts';

const path = '/etc/benchlab/config.toml';
const file = (text: string) => tomlFile(path, Buffer.from(text));
const effective = (text: string, more: Partial<ConfigSources> = {}) =>
  effectiveConfig({ file: file(text), environment: {}, flags: {}, ...more });

function mistakes(text: string, more: Partial<ConfigSources> = {}): readonly string[] {
  try {
    effective(text, more);
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_OPTION' });
    return (error as Error).message.split('\n').slice(1, -1);
  }
  return [];
}

describe('the layers', () => {
  it('are defaults, the file, variables and flags, the later over the earlier, each with its place', () => {
    const sources = {
      environment: { BENCHLAB_DEVICE: '/dev/b', BENCHLAB_GPU_DEVICES: '1, GPU-ab', BENCHLAB_SAMPLE_HZ: ' ' },
      flags: { 'benchlab.device': { value: ['/dev/c'], flag: '--port' } },
    };
    const { config, origins } = effective('[general]\nsample_hz = 5\n[benchlab]\ndevice = "/dev/a"\n', sources);

    expect(config.benchlab.device).toEqual(['/dev/c']);
    expect(config.gpu.devices).toEqual([1, 'GPU-ab']);
    expect(config.general.sample_hz).toBe(5);
    expect(config.cpu.enable_rapl).toBe(true);
    const at = (setting: SettingPath) => origins[setting].text;
    expect(at('benchlab.device')).toBe('--port');
    expect(at('gpu.devices')).toBe('BENCHLAB_GPU_DEVICES');
    expect(at('general.sample_hz')).toBe(`${path}:2`);
    expect(at('cpu.enable_rapl')).toBe('default');
  });

  it('have one hash for one configuration, whichever layer gives it', () => {
    const written = effective('[general]\nsample_hz = 5\n').hash;

    expect(effective('', { environment: { BENCHLAB_SAMPLE_HZ: '5' } }).hash).toBe(written);
    expect(effective('[general]\nsample_hz = 6\n').hash).not.toBe(written);
    expect(written).toMatch(/^[0-9a-f]{12}$/);
  });

  it('take the host and the port of the page from flags, and sources away', () => {
    const bind = '[prometheus]\nbind = "127.0.0.1:1000"\n';
    const bound = (partialFlags: ConfigSources['partialFlags']) => {
      const { config } = effective(bind, partialFlags === undefined ? {} : { partialFlags });
      return config.prometheus.bind;
    };

    expect(bound({ metricsPort: 2000 })).toBe('127.0.0.1:2000');
    expect(bound({ listen: '::1' })).toBe('[::1]:1000');
    expect(effective('', { partialFlags: { without: ['nvml'] } }).config.agent.sources).toEqual(['benchlab', 'host']);
  });
});

describe('the file of the documentation that users bring along', () => {
  it('is refused as it stands, with the line to add', () => {
    expect(mistakes(seedConfig)).toEqual([
      expect.stringMatching(
        /^\/etc\/benchlab\/config\.toml:28: prometheus\.bind is "0\.0\.0\.0:9109".*unprotected = true/,
      ),
    ]);
  });

  it.each(['unprotected = true', 'token_file = "/etc/benchlab/metrics-token"'])('holds after the line %s', (line) => {
    const { config, notes } = effective(seedConfig.replace('[prometheus]', `[prometheus]\n${line}`));

    expect(config.benchlab.device).toBe('/dev/ttyACM0');
    expect(config.general.node_name).toBe('vantage-ws-01');
    expect(notes.some((note) => note.startsWith(`${path}:15: benchlab.baud has no effect: a board on USB`))).toBe(true);
    expect(notes.some((note) => note.includes('benchlab.calibration_interval_sec has no effect'))).toBe(true);
    expect(config).toMatchObject({ general: { data_root: '/var/log/benchlab' }, retention: { days: 90 } });
    expect(notes.some((note) => /cx_export|retention|pipeline/.test(note))).toBe(false);
  });
});

describe('mistakes', () => {
  const wrongValue = (key: string) => `${key} = { a = 1 }`;

  test.each(settingList().map((each) => [each.path, each] as const))(
    '%s of a wrong form is named with its line and what is allowed',
    (setting, { section, key }) => {
      expect(mistakes(`# a comment\n[${section}]\n${wrongValue(key)}\n`)).toEqual([
        expect.stringMatching(new RegExp(`^${path}:3: ${setting.replace('.', '\\.')} is an object\\. It must be .+`)),
      ]);
    },
  );

  const texts = settingList().filter(({ setting }) => !setting.schema.safeParse('\u0007').success);
  test.each(texts.map(({ variable }) => variable))('a wrong %s is named, with what is allowed', (variable) => {
    expect(mistakes('', { environment: { [variable]: 'a\u0007' } })).toEqual([
      expect.stringMatching(new RegExp(`^${variable}: It is "a.*It must be .+`)),
    ]);
  });

  test.each([
    [
      '[general]\nsampel_hz = 5',
      `${path}:2: The key "sampel_hz" is not known in [general].`,
      'Did you mean sample_hz?',
    ],
    ['[general]\nbind = "x"', 'The key "bind" is not known in [general].', 'bind belongs to [prometheus].'],
    ['[prometeus]\nbind = "x"', `${path}:1: There is no section [prometeus].`, 'Did you mean prometheus?'],
    ['sample_hz = 5', 'The key "sample_hz" stands in no section.', 'The sections are general'],
    ['general = 5', 'general', 'It must be a table of keys: [general]'],
    ['[general]\nsample_hz = "10"', 'general.sample_hz is "10".', 'Write it without quotes.'],
    ['[general]\nsample_hz = 0', 'general.sample_hz is 0.', 'a number from 0.1 to 100'],
    ['[general]\nsession = "../x"', 'general.session is', '1 to 90 letters, digits'],
    ['[pipeline]\nstage_a = "a:b"', 'pipeline.stage_a is', 'a stage without a colon'],
    ['[pipeline]\nfrom = ["-"]', 'pipeline.from', 'a path, unix:PATH or udp:PORT'],
    ['[retention]\nquota_gb = 0', 'retention.quota_gb is 0.', 'a number from 0.001'],
    ['[agent]\nsession_hours = 0', 'agent.session_hours is 0.', 'a number from 0.1 to 168'],
    ['[general]\nsample_hz = nan', 'general.sample_hz is NaN.', 'a number from 0.1 to 100'],
    ['[gpu]\nprovider = "nvmll"', 'gpu.provider is "nvmll".', 'Did you mean nvml?'],
    ['[gpu]\ndevices = [0, 0]', 'gpu.devices is a list of 2.', 'each once'],
    ['[gpu]\ndevices = [0]\ndevice_index = 0', 'gpu.devices and gpu.device_index both choose GPUs.', `${path}:3`],
    ['[benchlab]\ndevice = []', 'benchlab.device is a list of 0.', 'a list of paths of serial ports, 1 to 32 of them'],
    ['[prometheus]\nbind = ":9109"', 'prometheus.bind is ":9109".', 'HOST:PORT'],
    ['[prometheus]\nbind = "127.0.0.1:70000"', 'prometheus.bind is', 'a port from 0 to 65535'],
    ['[prometheus]\nbind = "[::]:1"', 'prometheus.bind is "[::]:1", where other hosts', 'bind = "127.0.0.1:1"'],
    ['[pipeline]\nstage_a = "x"\nstage_b = "x"', 'Both stages are "x".', 'Name two different stages.'],
    ['[cx_export]\nenabled = true', 'cx_export.watch_dir is missing.', 'Add watch_dir'],
    ['[retention]\ndays = 3', 'Raw lines cannot be kept for 7 days', 'at most days'],
    ['[agent]\nenrichers = ["git", "cpu-time"]', 'agent.enrichers.1 is "cpu-time".', 'git, ci, container'],
    ['[agent]\nsources = ["gpu"]', 'agent.sources.0 is "gpu".', 'benchlab, host, nvml'],
  ])('%j is refused', (text, message, fix) => {
    const found = mistakes(text);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]).toContain(fix);
  });

  const alertRule = '[alerts]\nwebhook = "http://a"\n[[alerts.rules]]\nname = "A"\nseries = "up"\nwhen = "> 1"\n';
  test.each([
    ['severity = "page"\nsummary = "x"', `${path}:7: alerts.rules.0.severity is "page".`, 'one of critical'],
    ['severity = "info"', `${path}:3: alerts.rules.0.summary is missing.`, 'one sentence'],
    ['severity = "info"\nsummary = "x"\nfor = "30 days"', `${path}:9: alerts.rules.0.for is "30 days".`, 'up to 24h'],
    [
      'severity = "info"\nsummary = "x"\nfro = "1m"',
      'The key "fro" is not known in alerts.rules.0.',
      'Did you mean for?',
    ],
  ])('of a rule of alerts are named with their line: %j', (text, message, fix) => {
    const found = mistakes(alertRule + text);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]).toContain(fix);
  });

  test('alerts without an address, and two of one name, are refused', () => {
    const whole = `${alertRule}severity = "info"\nsummary = "x"\n`;
    const second = whole.slice(whole.indexOf('[[alerts'));

    expect(mistakes(whole)).toEqual([]);
    expect(mistakes(whole.replace('webhook', '#webhook'))[0]).toContain('There is no address for alerts.');
    expect(mistakes(whole + second)[0]).toContain('Two rules have the name "A".');
  });

  test('are listed together', () => {
    expect(mistakes('[general]\nsample_hz = 0\n[cpu]\nenable_rapl = 1\n')).toHaveLength(2);
  });

  test.each([
    ['[general', `${path}:1:`],
    ['[general]\nsample_hz = 1\nsample_hz = 2', `${path}:3:`],
    ['x', `${path}:1:`],
  ])('what is not TOML is refused at its line: %j', (text, place) => {
    expect(() => file(text)).toThrow(place);
    expect(() => file(text)).toThrow('is not TOML');
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(() => tomlFile(path, Buffer.from([0xff, 0xfe]))).toThrow('is not text in UTF-8');
  });
});

describe('what has no effect', () => {
  it('is what was set for recorded sessions, where nothing is recorded', () => {
    const { notes } = effective('[retention]\ndays = 30\n', { environment: { CX_STAGE_A: 'in' } });
    expect(notes).toEqual([
      'CX_STAGE_A: pipeline.stage_a has no effect: without general.data_root nothing is recorded.',
      `${path}:2: retention.days has no effect: without general.data_root nothing is recorded.`,
    ]);
  });

  it('is noted: a section of the library of the vendor, and a misspelt variable', () => {
    const { notes } = effective('[benchlab_sdk]\nanything = 1\n', { environment: { BENCHLAB_SAMPEL_HZ: '5' } });

    expect(notes).toEqual([
      'BENCHLAB_SAMPEL_HZ: no setting has this variable. Did you mean BENCHLAB_SAMPLE_HZ?',
      `${path}:1: [benchlab_sdk] has no effect: the agent reads boards without the library of their vendor.`,
    ]);
  });
});

describe('the example of alerts', () => {
  it('is a configuration, and the telemetry takes its rules', () => {
    const { config, notes } = effective(exampleAlerts);
    const alerts = agentAlerts(config);

    expect(notes).toEqual([]);
    expect(alerts?.rules.map(({ name, forMs }) => [name, forMs])).toEqual([
      ['BenchPowerAbsent', 60_000],
      ['BenchSamplesStale', undefined],
      ['BenchDeviceFailed', 30_000],
      ['BenchHot', 120_000],
    ]);
    expect(alerts?.rules.every(({ when }) => alertConditionForm.test(when))).toBe(true);
    expect(agentAlerts(effective('').config)).toBeUndefined();
  });
});
