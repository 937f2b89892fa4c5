import { OptionError } from '@benchlab-otel/core';

/**
 * Checks a gRPC endpoint: `http://HOST:PORT`, `https://HOST:PORT`, `HOST:PORT` or `unix:///PATH`.
 *
 * @throws OptionError that names `option`. It does not quote a value that may have a password.
 */
export function checkEndpoint(option: string, value: string): void {
  if (/^(https?|unix):\/\/./i.test(value) && URL.canParse(value)) return;
  if (/^[^/@\s]+:[0-9]+$/.test(value) && URL.canParse(`http://${value}`)) return;
  const allowed = 'http://HOST:PORT, https://HOST:PORT or HOST:PORT of a collector that receives OTLP over gRPC';
  throw new OptionError({ option, value, allowed, isSecret: value.includes('@') });
}
