// node --import @benchlab-otel/node/register app.js
// What is missing here must not keep the application from running.
try {
  const { startFromEnvironment } = await import('#fromEnvironment');
  await startFromEnvironment();
} catch (error) {
  // Anything may be thrown.
  const message = String(error?.message ?? error);
  const missing = /Cannot find package '([^']+)'/.exec(message)?.[1];
  const fix =
    missing && ` Install ${missing}, of the line that the other OpenTelemetry packages of the application have.`;
  process.stderr.write(
    `benchlab-otel: OpenTelemetry did not start, and the application runs without it: ${message.split('\n', 1)[0]}.${fix ?? ''}\n`,
  );
}
