import { readFile, stat } from 'node:fs/promises';
import type { Calibration } from '@benchlab-otel/analysis';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { parseCalibration } from './parseCalibration.ts';

/** A calibration is a few lines. */
const maxBytes = 64 * 1024;

/**
 * Reads the file of `--calibration`.
 *
 * @throws BenchlabError BAD_OPTION that names the file and what is wrong with it: the key, its value, what is allowed
 */
export async function readCalibration(path: string): Promise<Calibration> {
  let value: unknown;
  try {
    const file = await stat(path);
    if (!file.isFile()) throw new Error('it is not a regular file');
    if (file.size > maxBytes) throw new Error(`it has ${file.size} bytes, and ${maxBytes} is the most`);
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new BenchlabError(
      'BAD_OPTION',
      `--calibration ${path} cannot be read: ${messageOf(cause)}.`,
      'Name a JSON file of the form in schema/calibration.schema.json of this package.',
      { cause },
    );
  }
  return parseCalibration(value, `--calibration ${path}`);
}
