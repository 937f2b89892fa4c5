/** Options of the packages below that the command line has under another name. */
const flags: Readonly<Record<string, string>> = {
  assumeFirmware: '--assume-firmware',
  bench: '--simulate',
  connectorFaults: '--connector-fault',
  fault: '--fault',
  firmware: '--firmware',
  link: '--link',
  ports: '--port',
  product: '--product',
  serial: '--serial',
};

/** A message that begins with the name of an option, as constructors write it, with the flag that was typed instead. */
export function withFlagName(message: string): string {
  return message.replace(/^([A-Za-z]+)(?=:)/, (name) => (Object.hasOwn(flags, name) ? (flags[name] ?? name) : name));
}
