# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Contains endpoint functions for accessing the API"""
