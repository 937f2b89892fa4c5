import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { elementsOf, gstPipeline, onPath, systemPackages, systemProgram } from '../../scripts/stack-system.mjs';

describe('the elements of a pipeline are', () => {
  test.each([
    ['videotestsrc num-buffers=3 ! fakesink', ['videotestsrc', 'fakesink']],
    [
      'videotestsrc ! video/x-raw,width=64,height=48 ! identity name=a ! fakesink',
      ['videotestsrc', 'identity', 'fakesink'],
    ],
    [
      'videotestsrc ! tee name=t t. ! queue ! fakesink t. ! x264enc ! fakesink',
      ['videotestsrc', 'tee', 'queue', 'fakesink', 'x264enc'],
    ],
    ['clockselect. ( clock-id=tai videotestsrc is-live=true ! fakesink )', ['clockselect', 'videotestsrc', 'fakesink']],
    ['', []],
  ])('%s', (text, elements) => {
    expect(elementsOf(text)).toEqual(elements);
  });
});

describe('on a machine with nothing installed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'benchlab-system-'));
    vi.stubEnv('PATH', folder);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  test('a program or an element that the list lacks is refused, with the place of the list', () => {
    expect(() => systemProgram('ffmpeg')).toThrow(
      /The program "ffmpeg" is not in the list of scripts\/stack-system\.mjs/,
    );
    expect(() => gstPipeline('glimagesink')).toThrow(/The GStreamer element "glimagesink" is not in the list/);
  });

  test('a program of the list that the machine lacks is named with its Debian package and the command', () => {
    expect(() => systemProgram('gcc')).toThrow(
      'gcc is not installed (Debian package build-essential). Run: npm run stack:install',
    );
    expect(() => gstPipeline('clockselect. ( clock-id=tai fakesink )')).toThrow(
      '(Debian package gstreamer1.0-plugins-bad)',
    );
  });

  test('a program is found on PATH, and a file that cannot be run is not a program', async () => {
    await writeFile(join(folder, 'gcc'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(folder, 'go'), '', { mode: 0o644 });

    expect(systemProgram('gcc')).toBe(join(folder, 'gcc'));
    expect(onPath('go')).toBeUndefined();
  });
});

test('no two packages of the list bring the same program or element', () => {
  const brought = systemPackages.flatMap(({ programs = [], elements = [] }) => [...programs, ...elements]);
  expect(new Set(brought).size).toBe(brought.length);
});
