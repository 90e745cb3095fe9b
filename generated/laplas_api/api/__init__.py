# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Contains methods for accessing the API"""
