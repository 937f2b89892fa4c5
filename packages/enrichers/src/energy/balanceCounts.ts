import type { Balance } from '@benchlab-otel/analysis';
import { attribute, type EnergyRole, energyRoles, metric, type SelfCount } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

type Marked = Readonly<Record<'real' | 'simulated', Attributes>>;

/** Where the energy of each role went, as counters. A role that was never measured has none. */
export class BalanceCounts {
  readonly #balances: Readonly<Record<EnergyRole, Balance>>;
  readonly #hasBaseline: Readonly<Record<EnergyRole, boolean>>;
  /** What intervals below 0 take back from unattributed must not make a counter fall. */
  readonly #unattributed: Record<EnergyRole, number> = { system: 0, cpu: 0, gpu: 0 };
  readonly #attributes: Readonly<Record<EnergyRole, Marked>> = {
    system: attributesOf('system'),
    cpu: attributesOf('cpu'),
    gpu: attributesOf('gpu'),
  };

  constructor(
    balances: Readonly<Record<EnergyRole, Balance>>,
    baseline: Readonly<Partial<Record<EnergyRole, number>>> = {},
  ) {
    this.#balances = balances;
    const has = (role: EnergyRole) => baseline[role] !== undefined;
    this.#hasBaseline = { system: has('system'), cpu: has('cpu'), gpu: has('gpu') };
  }

  counts(isSimulated: (role: EnergyRole) => boolean): readonly SelfCount[] {
    return energyRoles.flatMap((role) => {
      const { joules, unattributed, idle, negative, gapSeconds } = this.#balances[role];
      if (joules === 0 && gapSeconds === 0) return [];
      this.#unattributed[role] = Math.max(this.#unattributed[role], unattributed);
      const attributes = this.#attributes[role][isSimulated(role) ? 'simulated' : 'real'];
      return [
        { definition: metric.benchlabBalanceUnattributed, value: this.#unattributed[role], attributes },
        ...(this.#hasBaseline[role] ? [{ definition: metric.benchlabBalanceIdle, value: idle, attributes }] : []),
        { definition: metric.benchlabBalanceNegative, value: negative, attributes },
        { definition: metric.benchlabBalanceGap, value: gapSeconds, attributes },
      ];
    });
  }
}

/** The same objects for the same words, so that a series is found by identity. */
function attributesOf(role: EnergyRole): Marked {
  return {
    real: { [attribute.powerRole]: role },
    simulated: { [attribute.powerRole]: role, [attribute.simulated]: true },
  };
}
