export { CollectedSamples as Collected } from '@benchlab-otel/sdk/testing';
