import { basename } from 'node:path/posix';
import type { LintFile } from '../../files/lintFile.ts';
import type { Variable } from '../config/expanded.ts';
import { bytesOf, configsIn, type Workload } from './deployment.ts';

interface UnitSetting {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** A systemd unit that starts a collector. Undefined of any other unit. */
export function unitWorkload({ path, text }: LintFile): Workload | undefined {
  const settings = settingsOf(text);
  const values = (key: string) => settings.filter((each) => each.key === key).map(({ value }) => value);
  const is = (key: string, ...wanted: readonly string[]) => wanted.includes(values(key).at(-1) ?? '');
  const start = settings.find(({ key }) => key === 'ExecStart');
  const configs = configsIn(words(start?.value ?? ''));
  if (start === undefined || configs.length === 0) return undefined;
  const memory = settings.findLast(({ key }) => key === 'MemoryMax');
  const bytes = memory && bytesOf(memory.value, true);
  return {
    kind: 'unit',
    name: basename(path),
    file: path,
    at: { line: start.line, column: 1 },
    configs,
    environment: new Map(settings.filter(({ key }) => key === 'Environment').flatMap(variablesOf)),
    memoryLimit: memory && bytes ? { bytes, at: { line: memory.line, column: 1 } } : undefined,
    replicas: 1,
    disk: {
      isOpen: !is('ProtectSystem', 'strict') && !is('DynamicUser', 'yes', 'true', '1'),
      kept: [
        ...directories(values('StateDirectory'), '/var/lib'),
        ...directories(values('CacheDirectory'), '/var/cache'),
        ...directories(values('LogsDirectory'), '/var/log'),
        ...values('ReadWritePaths').flatMap(words).map(cleanPath),
      ],
      lost: [...directories(values('RuntimeDirectory'), '/run'), ...(is('PrivateTmp', 'yes', 'true') ? ['/tmp'] : [])],
      // The disk of the host: what it holds is not known here.
      given: ['/'],
    },
    neighbours: [],
    isOnHost: true,
    configMaps: [],
    ports: [],
  };
}

function settingsOf(text: string): readonly UnitSetting[] {
  const settings: UnitSetting[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let content = lines[index] ?? '';
    while (content.endsWith('\\') && index + 1 < lines.length) content = `${content.slice(0, -1)} ${lines[++index]}`;
    const match = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(content);
    if (match?.[1] !== undefined) settings.push({ key: match[1], value: match[2]?.trim() ?? '', line });
  }
  return settings;
}

/** Words of a line; quotes hold words together. */
function words(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []).map((word) => word.replace(/["']/g, ''));
}

function variablesOf({ value, line }: UnitSetting): readonly (readonly [string, Variable])[] {
  return words(value).flatMap((word) => {
    const [name, ...rest] = word.split('=');
    if (!name || rest.length === 0) return [];
    // %S is the folder of state directories of the system: systemd.unit(5).
    const text = rest.join('=').replaceAll('%S', '/var/lib').replaceAll('%t', '/run');
    return [[name, { value: text, at: { line, column: 1 } }] as const];
  });
}

function directories(values: readonly string[], root: string): readonly string[] {
  return values.flatMap(words).map((name) => `${root}/${name.split(':')[0]}`);
}

function cleanPath(path: string): string {
  return path.replace(/^[-+]+/, '').replaceAll('%S', '/var/lib');
}
