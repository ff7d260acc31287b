import jwt from 'jsonwebtoken';

/** Reads tokens that the application's login has signed. */
export class Tokens {
  constructor(secret) {
    this.secret = secret;
  }

  /** Who it is: { user, role }; undefined for a token that does not hold. */
  holder(token) {
    try {
      const { sub, role } = jwt.verify(token, this.secret, { algorithms: ['HS256'] });
      return { user: sub, role };
    } catch {
      return undefined;
    }
  }

  bearer(request) {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    return token && this.holder(token);
  }
}
