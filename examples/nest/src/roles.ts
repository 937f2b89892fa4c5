import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
// Not as a type: NestJS injects by what the compiler emits of it.
import { Reflector } from '@nestjs/core';

const key = 'roles';

/** The roles that may call a handler: metadata on its function, which every decorator above it must keep. */
export const Roles = (...roles: string[]) => SetMetadata(key, roles);

/** Lets a request through whose header `x-role` is one that the handler names. A handler that names none is open. */
@Injectable()
export class RolesGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    this.#reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    const roles = this.#reflector.get<string[] | undefined>(key, context.getHandler());
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    return roles === undefined || roles.includes(headers['x-role'] ?? '');
  }
}
