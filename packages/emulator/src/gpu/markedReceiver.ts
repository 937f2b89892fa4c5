import { attribute, type Receiver, type SampleConsumer, type Sensor, type Source } from '@benchlab-otel/core';

/** The same receiver, with everything from it marked as simulated. Sources and sensors stay the same objects for the same device. */
export function markedReceiver(receiver: Receiver): Receiver {
  const sources = new WeakMap<Source, Source>();
  const sensors = new WeakMap<Sensor, Sensor>();
  const sourceOf = (source: Source) => kept(sources, source, () => ({ ...source, simulated: true }));
  const sensorOf = (sensor: Sensor) =>
    kept(sensors, sensor, () => ({ ...sensor, attributes: { ...sensor.attributes, [attribute.simulated]: true } }));
  const marked = (consumer: SampleConsumer): SampleConsumer => ({
    sample: (sample) =>
      consumer.sample({
        ...sample,
        source: sourceOf(sample.source),
        readings: sample.readings.map(({ sensor, value }) => ({ sensor: sensorOf(sensor), value })),
      }),
    lost: (loss) => consumer.lost({ ...loss, source: sourceOf(loss.source) }),
    polled: (report) => consumer.polled?.(report),
  });
  return {
    name: receiver.name,
    start: (consumer) => receiver.start(marked(consumer)),
    stop: () => receiver.stop(),
  };
}

function kept<Key extends object>(map: WeakMap<Key, Key>, key: Key, make: () => Key): Key {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
