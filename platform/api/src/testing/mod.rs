//! Decorators of a platform, for tests.
