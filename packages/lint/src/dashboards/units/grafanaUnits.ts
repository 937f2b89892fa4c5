import { isSame, type Unit } from './unit.ts';

interface Shown {
  readonly unit: Unit;
  readonly names: readonly string[];
}

const of = (dimension: string, scale: number, names: string): Shown => ({
  unit: { dimension, scale, isCount: false },
  names: names.split(' '),
});

/** What each of Grafana's units takes a number for. Source: packages/grafana-data/src/valueFormats/categories.ts of Grafana. */
const shown: readonly Shown[] = [
  of('', 1, 'percentunit none short locale sishort string bool bool_yes_no bool_on_off'),
  of('', 100, 'percent'),
  of('J s-1', 1, 'watt'),
  of('J s-1', 1e-3, 'kwatt'),
  of('J s-1', 1e3, 'mwatt'),
  of('J', 1, 'joule'),
  of('J', 1 / 3600, 'watth'),
  of('J', 1 / 3_600_000, 'kwatth'),
  of('V', 1, 'volt'),
  of('V', 1e3, 'mvolt'),
  of('A', 1, 'amp'),
  of('A', 1e3, 'mamp'),
  of('Cel', 1, 'celsius'),
  of('rpm', 1, 'rotrpm'),
  of('s', 1, 's dtdurations clocks'),
  of('s', 1e3, 'ms dtdurationms clockms dateTimeAsIso dateTimeAsLocal dateTimeAsSystem dateTimeAsUS dateTimeFromNow'),
  of('s', 1e6, 'µs'),
  of('s', 1e9, 'ns'),
  of('s', 1 / 60, 'm'),
  of('s', 1 / 3600, 'h'),
  of('s', 1 / 86_400, 'd'),
  of('By', 1, 'bytes decbytes'),
  of('By', 8, 'bits decbits'),
  of('By', 1 / 1024, 'kbytes'),
  of('By', 1 / 1024 ** 2, 'mbytes'),
  of('By', 1 / 1024 ** 3, 'gbytes'),
  of('By', 1e-3, 'deckbytes'),
  of('By', 1e-6, 'decmbytes'),
  of('By', 1e-9, 'decgbytes'),
  of('By s-1', 1, 'Bps binBps'),
  of('By s-1', 8, 'bps binbps'),
  of('By s-1', 1e-6, 'MBs'),
  of('By s-1', 1 / 1024 ** 2, 'MiBs'),
  of('s-1', 1, 'cps ops reqps rps wps iops pps eps mps hertz rothz'),
  of('s-1', 60, 'cpm opm rpm wpm mpm'),
  of('USD', 1, 'currencyUSD'),
];

const byName: ReadonlyMap<string, Unit> = new Map(
  shown.flatMap(({ unit, names }) => names.map((name) => [name, unit])),
);

/** Units that count without a word for what: they fit every count, and rates of counts too. */
const plain = ['short', 'none', 'locale', 'sishort'];

/** Units of Grafana in which a number is shown right. Undefined where it has none for it, or the unit is not known. */
export function grafanaUnitsFor(unit: Unit): readonly string[] | undefined {
  const found = shown.find((each) => isSame(each.unit, unit));
  if (found === undefined) return undefined;
  // A share in "short" is right, and so is a rate in it; a figure of joules or bytes is not.
  return unit.isCount || unit.dimension === 's-1' ? [...found.names, ...plain] : found.names;
}

/** Every unit that the table knows, and those that a user makes: `suffix:tok/s`. */
export function isGrafanaUnit(name: string): boolean {
  return isOwnUnit(name) || others.has(name) || byName.has(name);
}

/** `suffix:tok/s`, `prefix:…`, `si:…`, `count:…`, `currency:…`, `time:…`, `bool:…`: right by what its writer says. */
export function isOwnUnit(name: string): boolean {
  return /^(suffix|prefix|si|count|currency|time|bool):/.test(name);
}

/** Names that exist and that no series of ours has. */
const others = new Set(
  (
    'humidity dB hex0x hex sci pixel accMS2 accFS2 accG degree radian grad arcmin arcsec areaM2 areaF2 areaMI2 flops mflops gflops ' +
    'tflops pflops eflops zflops yflops ppm conppb conngm3 conngNm3 conμgm3 conμgNm3 conmgm3 conmgNm3 congm3 congNm3 conmgdL ' +
    'conmmolL currencyGBP currencyEUR currencyJPY currencyRUB currencyUAH currencyBRL currencyDKK currencyISK currencyNOK ' +
    'currencySEK currencyCZK currencyCHF currencyPLN currencyBTC currencymBTC currencyμBTC currencyZAR currencyINR currencyKRW ' +
    'currencyIDR currencyPHP currencyVND currencyTRY currencyMYR currencyXPF currencyBGN currencyPYG currencyUYU currencyILS ' +
    'tbytes dectbytes pbytes decpbytes KiBs Kibits KBs Kbits Mibits Mbits GiBs Gibits GBs Gbits TiBs Tibits TBs Tbits PiBs ' +
    'Pibits PBs Pbits dateTimeAsIsoNoDateIfToday dateTimeAsUSNoDateIfToday dateTimeAsLocalNoDateIfToday megwatt gwatt Wm2 ' +
    'Wp kWp MWp Wmin voltamp kvoltamp voltampreact kvoltampreact watthperkg kwattm amph kamph mamph ev kamp kvolt dBm mohm ohm kohm Mohm ' +
    'farad µfarad nfarad pfarad ffarad henry mhenry µhenry lumens flowgpm flowcms flowcfs flowcfm litreh flowlpm flowmlpm lux ' +
    'forceNm forcekNm forceN forcekN Hs KHs MHs GHs THs PHs EHs massmg massg masslb masskg masst lengthmm lengthcm lengthin lengthft ' +
    'lengthm lengthkm lengthmi pressurembar pressurebar pressurekbar pressurepa pressurehpa pressurekpa pressurehg pressurepsi ' +
    'radbq radci radgy radrad radsv radmsv radusv radrem radexpckg radr radsvh radmsvh radusvh rotrads rotdegs fahrenheit kelvin ' +
    'dthms dtdhms timeticks velocityms velocitykmh velocitymph velocityknot mlitre litre m3 Nm3 dm3 gallons mps ' +
    'recps rdps wrps mbits gbits'
  ).split(' '),
);

/** What a unit of Grafana takes a number for. Undefined of plain numbers and of units that a user makes. */
export function shownBy(name: string): Unit | undefined {
  return plain.includes(name) ? undefined : byName.get(name);
}
