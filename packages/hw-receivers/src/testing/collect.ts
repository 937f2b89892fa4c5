export { CollectedSamples as Collected } from '@benchlab-otel/core/testing';
