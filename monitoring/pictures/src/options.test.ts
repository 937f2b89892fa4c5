import { describe, expect, test } from 'vitest';
import { pictureOptions } from './options.ts';

test('without options all dashboards are drawn from generated data, three of them in light too', () => {
  const options = pictureOptions([]);

  expect(options).toMatchObject({ only: [], format: 'webp', variables: {} });
  expect(options?.light).toHaveLength(3);
  expect(options).not.toHaveProperty('prometheus');
});

test('options that repeat are lists', () => {
  expect(pictureOptions(['--only', 'a', '--only', 'b', '--var', 'board=x=y', '--scrape', '5s'])).toMatchObject({
    only: ['a', 'b'],
    variables: { board: 'x=y' },
    scrapeIntervalMs: 5000,
  });
});

test('help is asked for', () => {
  expect(pictureOptions(['--help'])).toBeUndefined();
});

describe('an unknown option or value is refused, with what is allowed', () => {
  test.each([
    [['--format', 'jpeg'], '--format "jpeg" is not webp or png.'],
    [['--prometheus', 'localhost:9090'], 'Write http://HOST:PORT.'],
    [['--var', 'board'], '--var "board" is not NAME=VALUE.'],
    [['--scrape', '5'], '"5" is not a duration.'],
    [['--onyl', 'a'], "Unknown option '--onyl'"],
  ])('%j', (args, message) => {
    expect(() => pictureOptions(args)).toThrow(message);
  });
});
