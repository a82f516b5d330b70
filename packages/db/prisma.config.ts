/**
 * For `npx prisma …` in this folder (studio, migrate diff, migrate status); Corral itself reads none of it. Prisma's
 * schema engine, which these commands download, finds migrations as Corral applied them.
 */
export default {
  schema: '../../prisma/schema.prisma',
  migrations: { path: '../../prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
}
