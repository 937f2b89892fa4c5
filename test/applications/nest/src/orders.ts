import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  Injectable,
  type NestInterceptor,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Query,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  CommandBus,
  CommandHandler,
  type ICommandHandler,
  type IQueryHandler,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import { Cron, CronExpression } from '@nestjs/schedule';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery, ApiTags } from '@nestjs/swagger';
import { map, Observable, of } from 'rxjs';
import { Counted, InFlight, Observed, Span, Timed, Traced, Untraced } from './marks';

const Roles = (...roles: string[]) => SetMetadata('roles', roles);

@Injectable()
@Traced
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride<string[]>('roles', [context.getHandler(), context.getClass()]);
    return roles === undefined || roles.includes(context.switchToHttp().getRequest().headers['x-role']);
  }
}

@Injectable()
@Traced
export class Wrapped implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = `${context.getClass().name}.${context.getHandler().name}`;
    return next.handle().pipe(map((data) => ({ handler, data })));
  }
}

export class Order {
  @ApiProperty() id: number;
  @ApiProperty({ description: 'in cents' }) cents: number;
}

export class PlaceOrder {
  constructor(readonly cents: number) {}
}
export class CountOrders {}

@Injectable()
@Traced
export class Orders {
  readonly log: string[] = [];
  private readonly orders: Order[] = [{ id: 1, cents: 100 }];

  constructor(private readonly events: EventEmitter2) {}

  async find(id: number): Promise<Order> {
    const order = this.orders.find((each) => each.id === id);
    if (order === undefined) throw new NotFoundException(`There is no order ${id}.`);
    return order;
  }

  async *all(): AsyncGenerator<Order> {
    yield* this.orders;
  }

  @Untraced
  get count(): number {
    return this.orders.length;
  }

  place(cents: number): Order {
    const order = { id: this.orders.length + 1, cents };
    this.orders.push(order);
    this.events.emit('order.placed', order);
    return order;
  }

  @OnEvent('order.placed')
  @Span('placed')
  placed({ id }: Order): void {
    this.log.push(`placed ${id}`);
  }

  @Timed
  @Cron(CronExpression.EVERY_DAY_AT_MIDNIGHT, { name: 'nightly' })
  nightly(): void {
    this.log.push('nightly');
  }
}

@CommandHandler(PlaceOrder)
@Traced
export class PlaceOrderHandler implements ICommandHandler<PlaceOrder, Order> {
  constructor(private readonly orders: Orders) {}

  @Observed
  async execute({ cents }: PlaceOrder): Promise<Order> {
    return this.orders.place(cents);
  }
}

@QueryHandler(CountOrders)
export class CountOrdersHandler implements IQueryHandler<CountOrders, number> {
  constructor(private readonly orders: Orders) {}

  @Span
  async execute(): Promise<number> {
    return this.orders.count;
  }
}

@ApiTags('orders')
@Controller('orders')
@UseGuards(RolesGuard)
@UseInterceptors(Wrapped)
@Traced
export class OrdersController {
  constructor(
    private readonly orders: Orders,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Observed
  @Get('count')
  @ApiOkResponse({ type: Number })
  async count(): Promise<number> {
    return await this.queries.execute(new CountOrders());
  }

  @Get('all')
  @Counted({ metric: 'orders.listed' })
  async all(): Promise<Order[]> {
    const all: Order[] = [];
    for await (const order of this.orders.all()) all.push(order);
    return all;
  }

  @Get('stream')
  @InFlight
  @Header('x-kind', 'observable')
  stream(): Observable<{ log: string[] }> {
    return of({ log: this.orders.log });
  }

  @Post()
  @HttpCode(202)
  @Roles('manager')
  @Timed
  @Span({ name: 'place', attributes: (cents: number) => ({ 'order.cents': cents }) })
  @ApiOperation({ summary: 'Place an order' })
  @ApiQuery({ name: 'cents', type: Number })
  async place(@Query('cents', ParseIntPipe) cents: number): Promise<Order> {
    return await this.commands.execute(new PlaceOrder(cents));
  }

  @Get(':id')
  @Roles('manager', 'clerk')
  @Observed({ expected: (error: unknown) => error instanceof NotFoundException })
  @ApiOkResponse({ type: Order })
  find(@Param('id', ParseIntPipe) id: number): Promise<Order> {
    return this.orders.find(id);
  }
}
