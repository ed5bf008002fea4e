"""Distillation: a student learns from a teacher's chances beside what really came."""
