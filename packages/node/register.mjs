// node --import @benchlab-otel/node/register app.js
import { startFromEnvironment } from './dist/start/fromEnvironment.js';

await startFromEnvironment();
