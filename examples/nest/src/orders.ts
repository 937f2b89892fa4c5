import { Observed, Traced, Untraced } from '@benchlab-otel/sdk';
import { Controller, Get, Injectable, NotFoundException, Param, UseGuards } from '@nestjs/common';
import { from, map, type Observable, reduce } from 'rxjs';
import { Roles, RolesGuard } from './roles.ts';

export interface Order {
  readonly id: string;
  readonly cents: number;
}

/** Every method is a span; what runs before the application does is not. */
@Injectable()
@Traced
export class Orders {
  readonly #orders = new Map<string, Order>();

  onModuleInit(): void {
    for (const id of ['1', '2', '3']) this.#orders.set(id, { id, cents: 100 * Number(id) });
  }

  async find(id: string): Promise<Order> {
    const order = this.#orders.get(id);
    if (order === undefined) throw new NotFoundException(`There is no order ${id}.`);
    return order;
  }

  all(): Observable<Order> {
    return from(this.#orders.values());
  }

  @Untraced count(): number {
    return this.#orders.size;
  }
}

/** Each handler is a span with its duration. The guard reads the roles off the handler, beneath or above the mark. */
@Controller('orders')
@UseGuards(RolesGuard)
export class OrdersController {
  readonly #orders: Orders;

  constructor(orders: Orders) {
    this.#orders = orders;
  }

  @Get('total')
  @Roles('manager')
  @Observed
  total(): Observable<{ cents: number; orders: number }> {
    const orders = this.#orders.count();
    return this.#orders.all().pipe(
      reduce((cents, order) => cents + order.cents, 0),
      map((cents) => ({ cents, orders })),
    );
  }

  @Observed({ expected: (error) => error instanceof NotFoundException })
  @Get(':id')
  @Roles('manager', 'clerk')
  find(@Param('id') id: string): Promise<Order> {
    return this.#orders.find(id);
  }
}
