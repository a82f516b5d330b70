export { startTestDatabase } from './fixtures.ts'
export { repoMigrations, startTestPostgres, type TestPostgres } from './postgres.ts'
