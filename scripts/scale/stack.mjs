// Proofs with the servers of `npm run stack:install -- scale`.
import { fileProof } from './vitest.mjs';

export const kafka = fileProof({
  name: 'kafka',
  what: 'With Kafka 4.1 between gateway and writers ([to-kafka.yaml](../collector-config/scale/to-kafka.yaml), [from-kafka.yaml](../collector-config/scale/from-kafka.yaml)) no acknowledged point is lost when a writer and Kafka are killed under load, and a writer with another group brings all of it into an empty store.',
  file: 'test/scale/kafka.test.ts',
});

export const thanos = fileProof({
  name: 'thanos',
  what: 'Behind the remote write of Prometheus, a ring of three Thanos receivers with factor 3 ([flags](../collector-config/scale/thanos)): one is killed under load, and the merged query keeps every point that Prometheus has. Each query of a rule and of a panel gives what it gives on Prometheus. The compactor makes one block of three copies, and the store gateway answers from it.',
  file: 'test/scale/thanos.test.ts',
});

export const s3 = fileProof({
  name: 's3',
  what: 'Artifacts in a bucket of versitygw 1.8, a server of S3 over a folder: stored once and checked by its checksum, held beyond quota and age, refused when a byte differs on its disk; while the server is gone, each is counted as failed in time, and the next one after its return is stored.',
  file: 'test/scale/s3.test.ts',
});

export const kubernetes = fileProof({
  name: 'kubernetes',
  what: 'The API server of Kubernetes 1.34 takes every folder of `collector-config/k8s` and every profile of the chart, strictly: an unknown field or a warning fails, and Pod Security warns of workloads.',
  file: 'test/scale/kubernetes.test.ts',
});

export const image = fileProof({
  name: 'image',
  what: 'The RUN steps of [Containerfile.collector](../deploy/Containerfile.collector) work as they stand, in a system that goes with them. (Those of Containerfile.agent are run by `npm run test:stack`.)',
  file: 'test/scale/image.test.ts',
});
