/** Programs that tests of `run` start. */

/** `node -e CODE` */
export function script(code: string): readonly string[] {
  return [process.execPath, '-e', code];
}

/**
 * A program that uses hardly any processor, so that sampling is not disturbed on a small machine: CALLS spans `checkout`
 * of 300 ms, each with a child `price`.
 */
export function checkout(calls: number): readonly string[] {
  return [
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { startTelemetry } from '@benchlab-otel/node';
     import { withSpan } from '@benchlab-otel/sdk';
     const telemetry = await startTelemetry({ serviceName: 'checkout' });
     for (let call = 0; call < ${calls}; call++) {
       await withSpan('checkout', () => withSpan('price', () => new Promise((done) => setTimeout(done, 300))));
       console.log('order placed');
     }
     await telemetry.shutdown();`,
  ];
}
