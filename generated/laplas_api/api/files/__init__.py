# Generated from openapi.yaml by codegen/regenerate.py; do not edit.
"""Contains endpoint functions for accessing the API"""
