# Generated from openapi.yaml by codegen/regenerate.py; do not edit.
"""Contains methods for accessing the API"""
