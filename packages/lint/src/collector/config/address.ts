/** An address that something listens on or connects to. */
export interface Address {
  /** Without brackets. Empty: every interface. */
  readonly host: string;
  readonly port: number | undefined;
}

/** `127.0.0.1:4317`, `[::]:4317`, `:4317`, `https://host/path`, `unix:/run/x`. Undefined where the text is not an address. */
export function addressOf(text: string): Address | undefined {
  if (/^unix:/.test(text) || text.startsWith('/')) return { host: 'localhost', port: undefined };
  const withoutScheme = text.replace(/^[a-z][a-z0-9+.-]*:\/+/i, '').replace(/[/?].*$/, '');
  const match = /^(?:\[([^\]]*)\]|([^:\s]*))(?::(\d{1,5}))?$/.exec(withoutScheme);
  if (match === null) return undefined;
  const [, bracketed, plain, port] = match;
  return { host: bracketed ?? plain ?? '', port: port === undefined ? undefined : Number(port) };
}

export function isLoopback({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
