import {
  createDataFrame,
  type DataFrame,
  type FieldType,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
} from '@grafana/data';
import { firstValueFrom } from 'rxjs';
import type { Frame } from '../src/frames.ts';
import type { PanelModel } from '../src/model.ts';

/** Frames as Grafana's parts take them. */
export function dataFrames(frames: readonly Frame[]): DataFrame[] {
  return frames.map(({ refId, fields }) =>
    createDataFrame({
      refId,
      fields: fields.map(({ name, type, values, labels, displayName, intervalMs }) => ({
        name,
        type: type as FieldType,
        values: [...values],
        ...(labels === undefined ? {} : { labels: { ...labels } }),
        config: {
          ...(displayName === undefined ? {} : { displayNameFromDS: displayName }),
          ...(intervalMs === undefined ? {} : { interval: intervalMs }),
        },
      })),
    }),
  );
}

/** The transformations of @grafana/data, which a page of Grafana registers when it starts. */
export function registerTransformations(): void {
  // Some are there twice, under an older name too.
  const byId = new Map(
    Object.values(standardTransformers).map((transformation) => [transformation.id, transformation]),
  );
  standardTransformersRegistry.setInit(() =>
    [...byId.values()].map((transformation) => ({
      id: transformation.id,
      name: transformation.name,
      description: transformation.description ?? '',
      transformation: async () => transformation,
      editor: () => null,
      imageDark: '',
      imageLight: '',
    })),
  );
}

export async function transformed(frames: DataFrame[], { transformations = [] }: PanelModel): Promise<DataFrame[]> {
  if (transformations.length === 0) return frames;
  const unknown = transformations.filter(({ id }) => !standardTransformersRegistry.getIfExists(id)).map(({ id }) => id);
  if (unknown.length > 0) throw new Error(`@grafana/data has no transformation "${unknown.join('", "')}".`);
  const known = transformations.map(({ id, options }) => ({ id, options: options ?? {} }));
  return firstValueFrom(transformDataFrame(known, frames));
}
